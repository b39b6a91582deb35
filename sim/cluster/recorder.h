// Recorder: watches every change that the store applies and keeps what a run reports: the digest,
// pods by phase, start-up and scheduling times, utilisation by pool, availability. It only reads: a
// run with and without a recorder does the same.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/pod_requests.h"
#include "core/base/digest.h"
#include "core/runtime/env.h"
#include "core/store/store.h"
#include "sim/cluster/availability.h"

namespace orrery::sim {

/// Requested against allocatable of one node pool.
struct PoolTotals {
  std::int64_t nodes = 0;
  std::int64_t cpu_milli = 0, memory_bytes = 0, gpus_milli = 0;                 // allocatable
  std::int64_t cpu_milli_used = 0, memory_bytes_used = 0, gpus_milli_used = 0;  // requested
  double cpu_share_max = 0;
  double cpu_share() const { return share(cpu_milli_used, cpu_milli); }
  double memory_share() const { return share(memory_bytes_used, memory_bytes); }
  double gpu_share() const { return share(gpus_milli_used, gpus_milli); }
  static double share(std::int64_t used, std::int64_t all) {
    return all > 0 ? static_cast<double>(used) / static_cast<double>(all) : 0;
  }
};

struct PodTotals {
  std::int64_t created = 0, deleted = 0, bound = 0;
  std::int64_t pending = 0, running = 0, succeeded = 0, failed = 0;
  std::int64_t ready = 0, terminating = 0;
  std::int64_t restarts = 0;
};

class Recorder {
 public:
  Recorder(Env& env, store::Store& store);

  const Digest& digest() const { return digest_; }
  const PodTotals& pods() const { return pods_; }
  const Availability& availability() const { return availability_; }
  const std::map<std::string, PoolTotals>& pools() const { return pools_; }
  std::int64_t nodes_ready() const { return nodes_ready_; }
  std::int64_t nodes_not_ready() const { return nodes_ - nodes_ready_; }
  Histogram& startup() { return startup_; }
  Histogram& scheduling() { return scheduling_; }
  /// Startup times since the last call: for pending-time percentiles over time.
  Histogram take_recent_scheduling();
  /// How long ago the store last changed.
  Time last_change() const { return last_change_; }

  /// Which pool a node belongs to: the value of this label.
  static constexpr std::string_view kPoolLabel = "orrery.dev/pool";

  /// Used share and pods by node, for placement.csv.
  struct NodeUse {
    Symbol zone, pool;
    std::int64_t cpu_milli = 0, cpu_milli_used = 0, pods = 0;
  };
  const std::map<std::string, NodeUse>& node_uses() const { return nodes_by_name_; }

  /// Each change's fingerprint in order, if kept (for --verify).
  void keep_fingerprints(bool keep) { keep_ = keep; }
  const std::vector<std::uint64_t>& fingerprints() const { return fingerprints_; }
  /// Told of each change with its number; for --verify and traces.
  using Listener =
      Callback<void(std::uint64_t number, std::uint64_t fingerprint, const store::Change& change)>;
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  std::uint64_t changes() const { return changes_; }

 private:
  struct Use {
    std::int64_t cpu_milli, memory_bytes, gpus_milli;
  };
  void on_change(const store::Change& change);
  void on_pod(const api::Pod* before, const api::Pod* now);
  void on_node(const api::Node* before, const api::Node* now);
  void count_phase(const api::Pod& pod, int sign);
  void count_use(const api::Pod& pod, int sign);
  const Use& use_of(const api::Pod& pod);

  Env& env_;
  Digest digest_;
  PodTotals pods_;
  Availability availability_;
  std::map<std::string, PoolTotals> pools_;
  std::map<std::string, NodeUse> nodes_by_name_;
  std::int64_t nodes_ = 0, nodes_ready_ = 0;
  Histogram startup_, scheduling_, recent_scheduling_;
  Time last_change_;
  // Lookup only, by uid and by shared spec.
  std::unordered_map<std::uint64_t, Time> born_;
  std::unordered_map<const void*, std::pair<api::Shared<api::PodSpec>, Use>> uses_;
  bool keep_ = false;
  std::vector<std::uint64_t> fingerprints_;
  Listener listener_;
  std::uint64_t changes_ = 0;
};

/// One line about a change: `t=5.003s rev 1234 MODIFIED pods default/web-0 (Running on n3)`.
std::string describe(const api::Kinds& kinds, Time now, Time start, const store::Change& change);

}  // namespace orrery::sim
