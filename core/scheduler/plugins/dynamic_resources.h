// DynamicResources: what kube-scheduler's plugin does for pods without resource claims (nothing but
// its words in FitErrors and a score of 0), and for claims that do not exist. ResourceClaims,
// DeviceClasses and ResourceSlices are not kept here, so no claim exists: pods that name one wait.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class DynamicResources final : public Plugin,
                               public PreEnqueuePlugin,
                               public PreFilterPlugin,
                               public FilterPlugin,
                               public PostFilterPlugin,
                               public ScorePlugin {
 public:
  std::string_view name() const override { return "DynamicResources"; }
  EventMask events() const override { return events::kPendingPod; }
  /// Its place in the order of filters is after cluster-wide plugins.
  bool is_node_local() const override { return false; }
  bool only_crowds() const override { return true; }

  /// The first claim that does not exist (foreachPodResourceClaim).
  Verdict pre_enqueue(const api::Pod& pod) const override;
  /// Skip if the pod needs no claims.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState&, const api::Pod&, const NodeInfo&) const override { return {}; }
  /// Takes no claim from anyone: "no new claims to deallocate". An error, as upstream, if this
  /// plugin's PreFilter was not reached.
  Outcome post_filter(const Ref<const api::Pod>& pod, const FailedCycle& cycle) override;
  Outcome preview(const Ref<const api::Pod>& pod, const FailedCycle& cycle) override {
    return post_filter(pod, cycle);
  }
  void score_many(const CycleState&, const api::Pod&, const SchedulerCache&,
                  std::span<const NodeSlot>, std::span<std::int64_t> out) const override {
    std::fill(out.begin(), out.end(), 0);
  }
  std::int64_t score(const CycleState&, const api::Pod&, const NodeInfo&) const override {
    return 0;
  }
};

}  // namespace orrery::scheduler
