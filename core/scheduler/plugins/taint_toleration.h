// TaintToleration: keeps pods off nodes with taints that they do not tolerate, and prefers nodes
// with fewer untolerated PreferNoSchedule taints.
#pragma once

#include "core/scheduler/plugin.h"

namespace orrery::scheduler {

class TaintToleration final : public Plugin, public FilterPlugin, public ScorePlugin {
 public:
  std::string_view name() const override { return "TaintToleration"; }
  EventMask events() const override { return events::kNodeAdd | events::kNodeTaint; }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;
  bool sign(const api::Pod& pod, Signature& signature) override;

  /// Rejects for NoSchedule and NoExecute taints.
  Verdict filter(const CycleState&, const api::Pod& pod, const NodeInfo& node) const override;
  /// Number of untolerated PreferNoSchedule taints; normalised so that none is 100.
  std::int64_t score(const CycleState&, const api::Pod& pod, const NodeInfo& node) const override;
  bool normalizes() const override { return true; }
  void normalize(std::span<std::int64_t> scores) const override;
};

/// helper.DefaultNormalizeScore: scaled so that the highest raw score is 100, or, reversed, 0.
void normalize_by_max(std::span<std::int64_t> scores, bool reverse);

}  // namespace orrery::scheduler
