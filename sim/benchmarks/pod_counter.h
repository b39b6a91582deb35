// PodCounter: what the scheduler's own pod informer has seen bound, by namespace; which pods wait.
// Make it before the informers start.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/pod.h"
#include "core/client/informer.h"
#include "sim/benchmarks/workload_file.h"

namespace orrery::sim {

class PodCounter {
 public:
  explicit PodCounter(Informers& informers);

  /// Pods that were ever bound: in all, in a namespace.
  std::uint64_t bound() const { return bound_; }
  std::uint64_t bound_in(Symbol name_space) const;
  /// Pods bound since watch() that it asked for.
  std::uint64_t watched() const { return watched_; }
  void watch(std::vector<Symbol> name_spaces, TextPairs labels);
  std::uint64_t digest() const { return digest_; }
  /// Called when a pod was bound; for steady states.
  void on_bound(Callback<void(const api::Pod&)> handler) { on_bound_ = std::move(handler); }

  struct Stages {
    std::int64_t scheduled = 0, attempted = 0;
    Ref<const api::Pod> pending;  // one that is not scheduled; the first by name
  };
  /// The pods there now. Attempted: has a node, a condition PodScheduled, or scheduling gates.
  Stages stages(Symbol name_space, const TextPairs& labels) const;
  /// By name.
  std::vector<Ref<const api::Pod>> pods(Symbol name_space, const TextPairs& labels) const;

 private:
  void on_change(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);

  Informer<api::Pod> informer_;
  std::unordered_map<std::uint32_t, std::uint64_t> bound_in_;  // lookup only
  std::uint64_t bound_ = 0, watched_ = 0, digest_ = 0;
  std::vector<Symbol> watched_in_;
  TextPairs watched_labels_;
  Callback<void(const api::Pod&)> on_bound_;
};

}  // namespace orrery::sim
