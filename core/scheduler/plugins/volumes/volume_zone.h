// VolumeZone: zone and region labels of bound PersistentVolumes against those of the node.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class VolumeZone final : public Plugin, public PreFilterPlugin, public FilterPlugin {
 public:
  explicit VolumeZone(SchedulerCache& cache) : cache_(cache) {}
  std::string_view name() const override { return "VolumeZone"; }
  bool is_node_local() const override { return false; }
  bool only_crowds() const override { return true; }
  EventMask events() const override {
    return events::kStorageClass | events::kNodeAdd | events::kNodeLabel |
           events::kPersistentVolumeClaim | events::kPersistentVolume;
  }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  /// Skip if no bound volume of the pod has such labels.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;

 private:
  SchedulerCache& cache_;
};

}  // namespace orrery::scheduler
