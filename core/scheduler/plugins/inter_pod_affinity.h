// InterPodAffinity: spec.affinity.podAffinity and podAntiAffinity, in both directions: what the pod
// asks of pods on nodes, and what they ask of it. Filter and score read live tallies, so they may
// be called again with the same CycleState after pods were taken off a node or put there.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/plugins/inter_pod_affinity_terms.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class InterPodAffinity final : public Plugin,
                               public PreFilterPlugin,
                               public FilterPlugin,
                               public PreScorePlugin,
                               public ScorePlugin {
 public:
  InterPodAffinity(InterPodAffinityArgs args, SchedulerCache& cache)
      : args_(args), cache_(cache), terms_(cache, args.hard_pod_affinity_weight) {}
  std::string_view name() const override { return "InterPodAffinity"; }
  bool is_node_local() const override { return false; }
  EventMask events() const override;
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;

  /// Skip if the pod requires nothing and no pod on a node keeps it away from its domain.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;
  /// Skip if no pod on a node adds to the score of any node.
  Verdict pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot>) override;
  bool may_score(const CycleState& state, const api::Pod& pod) const override;
  /// Sum of the weights of the terms that are met in the node's domains, in both directions.
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;
  void score_many(const CycleState& state, const api::Pod& pod, const SchedulerCache& cache,
                  std::span<const NodeSlot> nodes, std::span<std::int64_t> out) const override;
  bool normalizes() const override { return true; }
  /// The least score becomes 0, the greatest 100; equal ones 0.
  void normalize(std::span<std::int64_t> scores) const override;

 private:
  struct Data;
  bool adds_to_scores(const OwnTerms* own, const CarriedMatches& existing) const;
  bool satisfies_affinity(const Data& data, NodeSlot slot) const;
  bool retry_after_pod(const ClusterEvent& event, const api::Pod& pod) const;
  bool retry_after_node(const ClusterEvent& event, const api::Pod& pod) const;

  InterPodAffinityArgs args_;
  SchedulerCache& cache_;
  mutable AffinityTerms terms_;  // remembers; answers do not depend on what
};

}  // namespace orrery::scheduler
