// NodeResourcesBalancedAllocation: prefers nodes whose resources are used in equal parts once the
// pod is there. Since 1.36 the score tells the change: 75 plus half of what the balance gains or
// loses.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/plugins/resource_scorer.h"

namespace orrery::scheduler {

class BalancedAllocation final : public Plugin, public PreScorePlugin, public ScorePlugin {
 public:
  BalancedAllocation(const BalancedAllocationArgs& args, SchedulerCache& cache);
  std::string_view name() const override { return "NodeResourcesBalancedAllocation"; }
  EventMask events() const override { return 0; }
  bool sign(const api::Pod& pod, Signature& signature) override;
  /// Skip for pods that ask for none of the resources.
  Verdict pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot>) override;
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;

 private:
  SchedulerCache& cache_;
  std::vector<ScoredResource> resources_;
};

/// 100 x (1 - standard deviation of the used fractions), cut to an integer. Fractions over 1 count
/// as 1; resources with allocatable 0 do not count.
std::int64_t balance(std::span<const std::int64_t> requested,
                     std::span<const std::int64_t> allocatable);

}  // namespace orrery::scheduler
