// PackingScore: a Score plugin made of one rule of packing_rules.h: BestFitScore, DotProductScore,
// GpuClusteringScore, GpuPackingScore. Devices inside the node are chosen by the tightest fit.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class PackingScore final : public Plugin, public PreScorePlugin, public ScorePlugin {
 public:
  using Rule = std::int64_t (*)(const PodRequests& pod, const NodeInfo& node);
  /// `stretches`: the scores of the feasible nodes are spread over 0..100 (min-max).
  PackingScore(std::string_view name, Rule rule, bool stretches, SchedulerCache& cache)
      : name_(name), rule_(rule), stretches_(stretches), cache_(cache) {}

  std::string_view name() const override { return name_; }
  bool sign(const api::Pod& pod, Signature& signature) override;
  Verdict pre_score(CycleState& state, const api::Pod& pod,
                    std::span<const NodeSlot> feasible) override;
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;
  bool normalizes() const override { return stretches_; }
  void normalize(std::span<std::int64_t> scores) const override;

 private:
  std::string_view name_;
  Rule rule_;
  bool stretches_;
  SchedulerCache& cache_;
};

/// Spreads scores over 0..kScoreMax in whole numbers; all 0 if they are equal.
void stretch(std::span<std::int64_t> scores);
/// What packing rules and FGD read of a pod.
void sign_gpu_requests(const PodRequests& requests, Signature& signature);

}  // namespace orrery::scheduler
