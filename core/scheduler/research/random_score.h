// RandomScore: one feasible node, drawn for each pod, scores 100, all others 0; a random one of the
// fitting devices inside it. The draw depends on the seed and the pod's uid alone, so explaining a
// decision draws the same node and moves no other stream.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class RandomScore final : public Plugin,
                          public PreScorePlugin,
                          public ScorePlugin,
                          public DevicePlugin {
 public:
  RandomScore(std::uint64_t seed, SchedulerCache& cache) : seed_(seed), cache_(cache) {}
  std::string_view name() const override { return "RandomScore"; }
  bool is_node_local() const override { return false; }
  Verdict pre_score(CycleState& state, const api::Pod& pod,
                    std::span<const NodeSlot> feasible) override;
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;
  DeviceMask devices_for(const api::Pod& pod, const NodeInfo& node) const override;

 private:
  std::uint64_t seed_;
  SchedulerCache& cache_;
};

}  // namespace orrery::scheduler
