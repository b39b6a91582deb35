// explain_decision: the cycle of Placer told step by step. It must decide what the Placer decides:
// tests/core/scheduler/explain_test.cpp compares them on random clusters.
#include <algorithm>
#include <memory>

#include "core/scheduler/cache_trial.h"
#include "core/scheduler/explain.h"
#include "core/scheduler/nominated_filter.h"
#include "core/scheduler/plugins/default_preemption.h"
#include "core/scheduler/post_filter.h"

namespace orrery::scheduler {
namespace {

PreemptionPlan plan_of(const SchedulerCache& cache, const DefaultPreemption::Decision& decision) {
  PreemptionPlan plan;
  plan.is_eligible = decision.is_eligible;
  if (decision.verdict.ok()) {
    plan.chosen = decision.chosen;
  } else {
    plan.refusal = message_of(decision.verdict);
  }
  for (const Candidate& c : decision.dry_run.candidates) {
    PreemptionPlan::Candidate told{cache.node(c.node).name(), {},
                                   c.pdb_violations,          c.highest_priority,
                                   c.priority_sum,            c.earliest_start};
    for (const std::uint32_t number : c.victims) {
      const api::Pod& victim = *cache.pods()[number].pod;
      told.victims.push_back({api::key_of(victim), priority_of(victim)});
    }
    plan.candidates.push_back(std::move(told));
  }
  for (const auto& [slot, verdict] : decision.dry_run.others) {
    plan.others.emplace_back(cache.node(slot).name(), message_of(verdict));
  }
  return plan;
}

/// One decision in the making.
class Decider {
 public:
  Decider(const Framework& framework, SchedulerCache& cache, const Ref<const api::Pod>& pod,
          DecisionInputs inputs)
      : framework_(framework), cache_(cache), pod_(pod), inputs_(std::move(inputs)) {
    out_.tie_break = framework.profile().tie_break;
    out_.percentage_of_nodes_to_score = framework.profile().percentage_of_nodes_to_score;
  }

  Explanation run() {
    hold_back();
    pre_filter();
    judge_all();
    if (take_nominated()) return std::move(out_);
    if (!pre_.ok() && !pre_.rejects()) {
      fail(pre_);
    } else if (!pre_.ok()) {
      refuse();
    } else {
      scan();
    }
    return std::move(out_);
  }

 private:
  std::string name_of(int plugin) const {
    return plugin < 0 ? std::string() : std::string(framework_.plugin(plugin).name());
  }
  std::size_t index_of(NodeSlot slot) const {
    return static_cast<std::size_t>(cache_.position(slot));
  }
  bool is_left_out(Symbol node) const {
    const NodeNames& names = out_.pre_filter_nodes;
    return names && !std::binary_search(names->begin(), names->end(), node);
  }
  void fail(const Verdict& verdict) {
    out_.outcome = Placement::Kind::kError;
    out_.error = message_of(verdict);
  }

  void hold_back() {
    Verdict verdict = framework_.run_pre_enqueue(*pod_);
    if (!verdict.ok()) out_.held_back = Explanation::Rejection{name_of(verdict.plugin), verdict};
  }

  void pre_filter() {
    pre_ = framework_.run_pre_filter(state_, *pod_, out_.pre_filter_nodes, narrowed_by_);
    for (const int number : framework_.filter_order()) {
      const bool is_skipped = state_.skipped_filters >> number & 1;
      out_.filters.push_back({name_of(number), is_skipped});
      if (is_skipped) out_.skipped_filters.push_back(name_of(number));
    }
  }

  void judge_all() {
    for (const NodeSlot slot : cache_.order()) {
      Explanation::Node node{cache_.node(slot).name(), pre_, {}, 0, false, false, {}};
      if (pre_.ok() && is_left_out(node.name)) {
        node.verdict = left_out(framework_, narrowed_by_);
      } else if (pre_.ok()) {
        node.verdict = filter_with_nominated(framework_, cache_, state_, pod_, slot);
        if (!node.verdict.ok()) judge_further(node, slot);
      }
      node.plugin = name_of(node.verdict.plugin);
      out_.nodes.push_back(std::move(node));
    }
  }

  /// Says what the filters after the first rejection think of the node.
  void judge_further(Explanation::Node& node, NodeSlot slot) {
    node.rejections.push_back({name_of(node.verdict.plugin), node.verdict});
    for (Verdict& v : framework_.run_every_filter(state_, *pod_, cache_.node(slot))) {
      if (v.plugin != node.verdict.plugin) node.rejections.push_back({name_of(v.plugin), v});
    }
  }

  /// evaluateNominatedNode.
  bool take_nominated() {
    if (!pre_.ok() || pod_->status.nominated_node_name.empty()) return false;
    const NodeSlot slot = cache_.find_node(pod_->status.nominated_node_name);
    if (slot == kNoNode || cache_.position(slot) < 0) return false;
    Explanation::Node& node = out_.nodes[index_of(slot)];
    if (!node.verdict.ok()) return false;
    out_.by_nomination = node.looked_at = true;
    out_.window = {static_cast<std::int64_t>(out_.nodes.size()), 0, 1, 1, 1};
    out_.feasible = {index_of(slot)};
    choose(index_of(slot));
    return true;
  }

  void choose(std::size_t index) {
    out_.outcome = Placement::Kind::kPlaced;
    out_.chosen = index;
    if (out_.ties.empty()) out_.ties = {index};
  }

  /// The nodes that the scan runs over.
  std::vector<NodeSlot> candidates() const {
    if (!out_.pre_filter_nodes) return cache_.order();
    std::vector<NodeSlot> slots;
    for (const Symbol name : *out_.pre_filter_nodes) {
      const NodeSlot slot = cache_.find_node(name);
      if (slot != kNoNode && cache_.position(slot) >= 0) slots.push_back(slot);
    }
    return slots;
  }

  void scan() {
    const std::vector<NodeSlot> nodes = candidates();
    const auto all = static_cast<std::int64_t>(cache_.order().size());
    const auto n = static_cast<std::int64_t>(nodes.size());
    Explanation::Window& window = out_.window;
    window.nodes = n;
    window.wanted = Placer::wanted(framework_, nodes.size());
    window.start = n == 0 ? 0 : inputs_.next_start % all % n;
    std::vector<NodeSlot> feasible;
    for (; window.looked_at < n && window.feasible < window.wanted; ++window.looked_at) {
      const NodeSlot slot = nodes[static_cast<std::size_t>((window.start + window.looked_at) % n)];
      Explanation::Node& node = out_.nodes[index_of(slot)];
      node.looked_at = true;
      if (!node.verdict.ok() && !node.verdict.rejects()) return fail(node.verdict);
      if (!node.verdict.ok()) continue;
      feasible.push_back(slot);
      out_.feasible.push_back(index_of(slot));
      ++window.feasible;
    }
    if (feasible.empty()) return refuse();
    if (feasible.size() == 1) return choose(out_.feasible.front());
    score(feasible);
  }

  void score(const std::vector<NodeSlot>& feasible) {
    const Verdict scoring = framework_.run_pre_score(state_, *pod_, feasible);
    if (!scoring.ok()) return fail(scoring);
    std::vector<std::int64_t> totals;
    for (PluginScores& s : framework_.run_score(state_, *pod_, cache_, feasible, totals)) {
      out_.scores.push_back(
          {name_of(s.plugin), s.weight, std::move(s.raw), std::move(s.normalized)});
    }
    for (const Framework::Scorer& scorer : framework_.scorers()) {
      if (state_.skipped_scores >> scorer.number & 1) {
        out_.skipped_scores.push_back(name_of(scorer.number));
      }
    }
    const std::int64_t best = *std::max_element(totals.begin(), totals.end());
    for (std::size_t i = 0; i < totals.size(); ++i) {
      Explanation::Node& node = out_.nodes[out_.feasible[i]];
      node.total = totals[i];
      node.best = totals[i] == best;
      if (node.best) out_.ties.push_back(out_.feasible[i]);
    }
    out_.score = best;
    choose(out_.feasible[select_host(out_.tie_break, totals, feasible, cache_, inputs_.ties)]);
  }

  /// No node: kube-scheduler's message, and what preemption makes of it.
  void refuse() {
    Diagnosis diagnosis;
    diagnosis.nodes_total = static_cast<std::int64_t>(out_.nodes.size());
    if (!pre_.ok()) diagnosis.pre_filter_message = message_of(pre_);
    std::vector<NodeSlot> removable;
    for (const NodeSlot slot : cache_.order()) {
      const Verdict& verdict = out_.nodes[index_of(slot)].verdict;
      diagnosis.add(verdict);
      if (verdict.code == Code::kUnschedulable) removable.push_back(slot);
    }
    const FailedCycle cycle{framework_, removable, diagnosis.nodes_total};
    diagnosis.post_filter_message = preview_post_filters(pod_, cycle).message;
    for (PostFilterPlugin* plugin : framework_.post_filters()) {
      if (auto* preemption = dynamic_cast<DefaultPreemption*>(plugin)) {
        out_.preemption = plan_of(cache_, preemption->foresee(pod_, cycle));
      }
    }
    out_.fit_error = fit_error_text(diagnosis);
  }

  const Framework& framework_;
  SchedulerCache& cache_;
  const Ref<const api::Pod>& pod_;
  DecisionInputs inputs_;
  Explanation out_;
  CycleState state_;
  std::uint64_t narrowed_by_ = 0;
  Verdict pre_;
};

/// The pod as it was before it had a node.
Ref<const api::Pod> as_pending(const Ref<const api::Pod>& pod) {
  Ref<api::Pod> pending = copy_of(pod);
  pending->node_name = Symbol();
  pending->status.nominated_node_name = Symbol();
  api::erase(pending->meta.annotations, kGpuDevicesKey);
  return pending;
}

}  // namespace

Explanation explain_decision(const Framework& framework, SchedulerCache& cache,
                             const Ref<const api::Pod>& pod, DecisionInputs inputs) {
  cache.refresh_order();
  const std::uint32_t number = cache.pods().find(pod->meta.uid);
  const bool is_counted = number != PodRecords::kNone;
  const Ref<const api::Pod> pending =
      is_counted || !pod->node_name.empty() ? as_pending(pod) : pod;
  std::optional<NodeTrial> without;
  if (is_counted) without.emplace(cache, cache.pods()[number].node).remove(number);
  return Decider(framework, cache, pending, std::move(inputs)).run();
}

}  // namespace orrery::scheduler
