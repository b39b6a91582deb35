// Nominated pods: pods that preemption has promised a node, before they are there. A node with
// nominated pods of the same or a higher priority must fit the pod with them and without them
// (upstream's RunFilterPluginsWithNominatedPods).
#pragma once

#include "core/scheduler/cache.h"
#include "core/scheduler/framework.h"

namespace orrery::scheduler {

/// Runs the filters on one node, counting the nominated pods that come before this one.
Verdict filter_with_nominated(const Framework& framework, SchedulerCache& cache,
                              const CycleState& state, const Ref<const api::Pod>& pod,
                              NodeSlot slot);

/// The same for many nodes of one pod's cycle; costs nothing while no pod is nominated.
class NominatedFilter {
 public:
  NominatedFilter(const Framework& framework, SchedulerCache& cache,
                  const Ref<const api::Pod>& pod)
      : framework_(framework), cache_(cache), pod_(pod) {}

  const Ref<const api::Pod>& pod() const { return pod_; }
  bool is_needed() const { return cache_.has_nominations(); }
  /// Some nominated pod of this node comes before the pod.
  bool concerns(NodeSlot slot) const;
  /// The verdict of all filters.
  Verdict check(NodeSlot slot);

 private:
  const Framework& framework_;
  SchedulerCache& cache_;
  const Ref<const api::Pod>& pod_;
  CycleState state_;
  bool is_ready_ = false;
};

}  // namespace orrery::scheduler
