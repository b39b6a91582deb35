// GpuDevice: whole and fractional GPUs. Filters nodes by free devices and by device model; the
// chosen devices (tightest fit) are written into the pod's annotation orrery.dev/gpu-devices before
// it is bound. NodeResourcesFit counts whole devices; this plugin knows what is left of each.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class GpuDevice final : public Plugin,
                        public PreFilterPlugin,
                        public FilterPlugin,
                        public PreBindPlugin {
 public:
  GpuDevice(GpuDeviceArgs args, SchedulerCache& cache, Client& client)
      : args_(args), cache_(cache), client_(client) {}
  std::string_view name() const override { return "GpuDevice"; }
  EventMask events() const override {
    return events::kNodeAdd | events::kNodeAllocatable | events::kNodeLabel |
           events::kAssignedPodDelete;
  }
  bool sign(const api::Pod& pod, Signature& signature) override;
  /// Skip if the pod asks for no GPU.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;
  bool pre_bind(CycleState& state, const Ref<const api::Pod>& pod, Symbol node,
                Completion done) override;

 private:
  GpuDeviceArgs args_;
  SchedulerCache& cache_;
  Client& client_;
};

}  // namespace orrery::scheduler
