// PodTopologySpread: spec.topologySpreadConstraints, or the profile's default constraints for pods
// that a Service or controller selects. DoNotSchedule rejects nodes where the skew would become too
// large; ScheduleAnyway prefers domains with fewer matching pods. Counts are live (PodGroups), so
// nothing here visits pods, and only the feasible nodes are visited.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/plugins/pod_topology_spread_memo.h"

namespace orrery::scheduler {

class PodTopologySpread final : public Plugin,
                                public PreFilterPlugin,
                                public FilterPlugin,
                                public PreScorePlugin,
                                public ScorePlugin {
 public:
  PodTopologySpread(PodTopologySpreadArgs args, SchedulerCache& cache)
      : cache_(cache), memo_(cache, std::move(args)) {}
  std::string_view name() const override { return "PodTopologySpread"; }
  bool is_node_local() const override { return false; }
  EventMask events() const override;
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  /// Skip if the pod has no DoNotSchedule constraint.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;
  bool passes(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;

  /// Skip if the pod has no ScheduleAnyway constraint.
  Verdict pre_score(CycleState& state, const api::Pod& pod,
                    std::span<const NodeSlot> feasible) override;
  bool may_score(const CycleState& state, const api::Pod& pod) const override;
  /// Matching pods in the node's domains, each weighted by ln(domains + 2); 0 for a node that lacks
  /// a key.
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;
  void score_many(const CycleState& state, const api::Pod& pod, const SchedulerCache& cache,
                  std::span<const NodeSlot> nodes, std::span<std::int64_t> out) const override;
  bool normalizes() const override { return true; }
  /// As if all nodes had all keys.
  void normalize(std::span<std::int64_t> scores) const override;
  /// Few matching pods score high; a node that lacks a key scores 0.
  void normalize_nodes(const CycleState& state, std::span<const NodeSlot> nodes,
                       std::span<std::int64_t> scores) const override;

 private:
  struct Data final : CycleData {
    Ref<SpreadOfPod> spread;
    std::vector<double> weights;  // by soft constraint
    bool leaves_out_nodes = false;
  };
  enum class Fit { kFits, kLacksLabel, kTooSkewed };

  Fit judge(const CycleState& state, NodeSlot slot) const;
  bool lacks_key(const std::vector<SpreadConstraint>& constraints, NodeSlot slot) const;
  bool lies_everywhere(const std::vector<SpreadConstraint>& constraints) const;
  std::size_t count_domains(KeyId key, std::span<const NodeSlot> nodes);
  void add_node_counts(const SpreadConstraint& constraint, double weight,
                       std::span<const NodeSlot> nodes) const;
  void mark(const SlotCounts& counts, bool set) const;
  void add_domain_counts(const SpreadConstraint& constraint, double weight,
                         std::span<const NodeSlot> nodes) const;

  const TopologyKeys& keys() const { return cache_.topology_keys(); }

  SchedulerCache& cache_;
  mutable SpreadMemo memo_;
  // Room that is used again for every pod.
  std::vector<NodeSlot> scored_;
  std::vector<std::uint32_t> seen_;  // by domain: the last count_domains() that saw it
  std::uint32_t seen_now_ = 0;
  mutable std::vector<double> sums_;          // by place in score_many()'s nodes
  mutable std::vector<double> terms_;         // by domain + 1
  mutable std::vector<std::uint64_t> marks_;  // a bit a slot, all 0 between uses
};

}  // namespace orrery::scheduler
