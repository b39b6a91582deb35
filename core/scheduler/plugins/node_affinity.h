// NodeAffinity: spec.nodeSelector and spec.affinity.nodeAffinity, and affinity that the profile
// adds to all pods. Terms that name nodes by metadata.name narrow the cycle to these nodes
// (DaemonSet pods).
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class NodeAffinity final : public Plugin,
                           public PreFilterPlugin,
                           public FilterPlugin,
                           public PreScorePlugin,
                           public ScorePlugin {
 public:
  explicit NodeAffinity(NodeAffinityArgs args) : args_(std::move(args)) {}
  std::string_view name() const override { return "NodeAffinity"; }
  EventMask events() const override { return events::kNodeAdd | events::kNodeLabel; }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;
  bool sign(const api::Pod& pod, Signature& signature) override;

  Verdict pre_filter(CycleState&, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState&, const api::Pod& pod, const NodeInfo& node) const override;
  /// Skip if neither the pod nor the profile prefers anything.
  Verdict pre_score(CycleState&, const api::Pod& pod, std::span<const NodeSlot>) override;
  /// Sum of the weights of the preferred terms that match.
  std::int64_t score(const CycleState&, const api::Pod& pod, const NodeInfo& node) const override;
  bool normalizes() const override { return true; }
  void normalize(std::span<std::int64_t> scores) const override;

 private:
  Verdict check(const api::Pod& pod, const api::Node& node) const;
  NodeAffinityArgs args_;
};

}  // namespace orrery::scheduler
