// NodeVolumeLimits: how many volumes of each CSI driver a node can attach (CSINode), counting
// those of its pods and its VolumeAttachments.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class NodeVolumeLimits final : public Plugin, public PreFilterPlugin, public FilterPlugin {
 public:
  explicit NodeVolumeLimits(SchedulerCache& cache) : cache_(cache) {}
  std::string_view name() const override { return "NodeVolumeLimits"; }
  bool is_node_local() const override { return false; }
  bool only_crowds() const override { return true; }
  EventMask events() const override {
    return events::kCsiNode | events::kAssignedPodDelete | events::kPersistentVolumeClaim |
           events::kVolumeAttachment;
  }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  /// Skip if no volume of the pod can be a CSI driver's.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;

 private:
  SchedulerCache& cache_;
};

}  // namespace orrery::scheduler
