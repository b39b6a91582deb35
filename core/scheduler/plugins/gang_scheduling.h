// GangScheduling: the pods of a PodGroup with a minimum are bound together or not at all
// (KEP-4671). PreEnqueue holds pods back until the group and enough of its pods exist; Permit holds
// placed pods until the minimum has places, for five minutes at most. The scheduler tries a group's
// pods in one go and turns those that wait away if the minimum is out of reach (gang_cycle.cpp).
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class GangScheduling final : public Plugin,
                             public PreEnqueuePlugin,
                             public PermitPlugin {
 public:
  explicit GangScheduling(const PluginContext& context) : context_(context) {}

  std::string_view name() const override { return "GangScheduling"; }
  bool sign(const api::Pod&, Signature&) override { return true; }
  /// For pods that were turned away with their group: what may give one of them a place.
  EventMask events() const override {
    return events::kNodeAdd | events::kNodeAllocatable | events::kNodeLabel | events::kNodeTaint |
           events::kAssignedPodDelete | events::kAssignedPodScaleDown;
  }
  /// What its own group gives up is no news: all of it was given up for want of the rest.
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  Verdict pre_enqueue(const api::Pod& pod) const override;
  Verdict permit(CycleState& state, const api::Pod& pod, Symbol node, Duration& timeout) override;

 private:
  PluginContext context_;
};

}  // namespace orrery::scheduler
