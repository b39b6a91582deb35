// VolumeBinding: claims bound to PersistentVolumes that the node can reach, and, for classes that
// wait for their first consumer, volumes to bind or provision once the node is chosen: assumed at
// Reserve, written at PreBind, which waits until the claims are bound. There is no score: storage
// capacity scoring is off by default in 1.36.
#pragma once

#include <memory>

#include "core/scheduler/plugin.h"
#include "core/scheduler/plugins/volumes/pod_claims.h"
#include "core/scheduler/plugins/volumes/volume_binder.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class VolumeBinding final : public Plugin,
                            public PreFilterPlugin,
                            public FilterPlugin,
                            public ReservePlugin,
                            public PreBindPlugin {
 public:
  VolumeBinding(const VolumeBindingArgs& args, const PluginContext& context);
  std::string_view name() const override { return "VolumeBinding"; }
  bool is_node_local() const override { return false; }
  bool only_crowds() const override { return true; }
  EventMask events() const override {
    return events::kStorageClass | events::kPersistentVolumeClaim | events::kPersistentVolume |
           events::kNodeAdd | events::kNodeLabel | events::kCsiNode | events::kCsiDriver |
           events::kCsiStorageCapacity;
  }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  /// Skip if the pod has no claims; rejects it if a claim of an immediate class is not bound.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;
  Verdict reserve(CycleState& state, const api::Pod& pod, const NodeInfo& node) override;
  void unreserve(CycleState& state, const api::Pod& pod, Symbol node) override;
  bool pre_bind(CycleState& state, const Ref<const api::Pod>& pod, Symbol node,
                Completion done) override;

 private:
  SchedulerCache& cache_;
  AssumedVolumes assumed_;
  VolumeIndex index_;
  PodClaimsReader reader_;
  VolumeBinder binder_;
};

}  // namespace orrery::scheduler
