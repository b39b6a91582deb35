// NodeTrial: "what if these pods were gone from this node, or those were on it": changes the cache
// for the lifetime of the trial and puts everything back, without telling the change log. Plugins
// see the changed world through the same NodeInfo and tallies. Preemption and nominated pods use
// it; nothing else may touch the cache meanwhile, and trials end in the reverse order of their
// beginning.
#pragma once

#include <memory>
#include <vector>

#include "core/scheduler/cache.h"

namespace orrery::scheduler {

class NodeTrial {
 public:
  NodeTrial(SchedulerCache& cache, NodeSlot slot);
  ~NodeTrial();
  NodeTrial(const NodeTrial&) = delete;
  NodeTrial& operator=(const NodeTrial&) = delete;

  /// Record numbers of the pods that the node had when the trial began.
  const std::vector<std::uint32_t>& pods() const { return pods_; }
  /// Takes off one of pods().
  void remove(std::uint32_t number);
  /// Puts back one that was removed.
  void restore(std::uint32_t number);
  /// Counts a pod here that the cache does not know.
  void add(const Ref<const api::Pod>& pod);

 private:
  NodeRow& row() { return cache_.table_.row(slot_); }
  void insert(std::uint32_t number);
  void take_out(std::uint32_t number);

  SchedulerCache& cache_;
  NodeSlot slot_;
  std::vector<std::uint32_t> pods_;
  std::vector<HostPort> ports_;
  std::unique_ptr<GpuNode> gpu_;
  std::vector<std::uint32_t> removed_;
  std::vector<std::uint32_t> added_;
};

}  // namespace orrery::scheduler
