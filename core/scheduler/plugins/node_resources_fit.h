// NodeResourcesFit: a pod goes only where its requests are free, and prefers nodes by how much of
// them is allocated (LeastAllocated, MostAllocated or RequestedToCapacityRatio).
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/plugins/requests_data.h"
#include "core/scheduler/plugins/resource_scorer.h"

namespace orrery::scheduler {

class NodeResourcesFit final : public Plugin,
                               public PreFilterPlugin,
                               public FilterPlugin,
                               public PreScorePlugin,
                               public ScorePlugin {
 public:
  NodeResourcesFit(NodeResourcesFitArgs args, SchedulerCache& cache);
  std::string_view name() const override { return "NodeResourcesFit"; }
  EventMask events() const override {
    return events::kNodeAdd | events::kNodeAllocatable | events::kAssignedPodDelete |
           events::kAssignedPodScaleDown;
  }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;
  bool sign(const api::Pod& pod, Signature& signature) override;

  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  /// One reason for each resource that does not fit; unresolvable if the node is too small
  /// altogether.
  const std::vector<NodeSlot>* only_nodes(const CycleState& state,
                                          const api::Pod& pod) const override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;
  Verdict pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot>) override;
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;

 private:
  bool ignores(Symbol resource) const;
  void remember(CycleState& state, const api::Pod& pod);

  NodeResourcesFitArgs args_;
  SchedulerCache& cache_;
  ResourceScorer scorer_;
};

}  // namespace orrery::scheduler
