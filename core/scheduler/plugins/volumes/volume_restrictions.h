// VolumeRestrictions: disks written into pods that cannot be mounted twice on a node, and claims
// with access mode ReadWriteOncePod that another pod uses already.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class VolumeRestrictions final : public Plugin, public PreFilterPlugin, public FilterPlugin {
 public:
  explicit VolumeRestrictions(SchedulerCache& cache) : cache_(cache) {}
  std::string_view name() const override { return "VolumeRestrictions"; }
  bool is_node_local() const override { return false; }
  bool only_crowds() const override { return true; }
  EventMask events() const override {
    return events::kAssignedPodDelete | events::kNodeAdd | events::kPersistentVolumeClaim;
  }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  /// Skip if no disk needs a check and no claim is in use; rejects the pod if a claim is missing.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;

 private:
  SchedulerCache& cache_;
};

}  // namespace orrery::scheduler
