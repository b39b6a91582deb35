// GangScheduling: the pods of a PodGroup with a minimum are bound together or not at all (KEP-4671).
// PreEnqueue holds pods back until the group and enough of its pods exist; Permit holds placed pods
// until the minimum has places; a pod that finds none, or five minutes of waiting, frees the places
// of all that wait.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class GangScheduling final : public Plugin,
                             public PreEnqueuePlugin,
                             public PostFilterPlugin,
                             public PermitPlugin {
 public:
  explicit GangScheduling(const PluginContext& context) : context_(context) {}

  std::string_view name() const override { return "GangScheduling"; }
  bool sign(const api::Pod&, Signature&) override { return true; }

  Verdict pre_enqueue(const api::Pod& pod) const override;
  Outcome post_filter(const Ref<const api::Pod>& pod, const FailedCycle& cycle) override;
  Verdict permit(CycleState& state, const api::Pod& pod, Symbol node, Duration& timeout) override;

 private:
  PluginContext context_;
};

}  // namespace orrery::scheduler
