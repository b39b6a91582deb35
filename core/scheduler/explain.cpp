#include "core/scheduler/explain.h"

#include <algorithm>

#include "core/scheduler/cache.h"
#include "core/scheduler/placer.h"

namespace orrery::scheduler {
namespace {

void add_scores(const Framework& framework, const SchedulerCache& cache, const api::Pod& pod,
                CycleState& state, Explanation& out) {
  std::vector<NodeSlot> slots;
  for (const std::size_t i : out.feasible) slots.push_back(cache.find_node(out.nodes[i].name));
  if (slots.empty() || !framework.run_pre_score(state, pod, slots).ok()) return;
  std::vector<std::int64_t> totals;
  for (PluginScores& scores : framework.run_score(state, pod, cache, slots, totals)) {
    out.scores.push_back({std::string(framework.plugin(scores.plugin).name()), scores.weight,
                          std::move(scores.raw), std::move(scores.normalized)});
  }
  const std::int64_t best = *std::max_element(totals.begin(), totals.end());
  for (std::size_t i = 0; i < totals.size(); ++i) {
    out.nodes[out.feasible[i]].total = totals[i];
    out.nodes[out.feasible[i]].best = totals[i] == best;
  }
}

}  // namespace

Explanation explain(const Framework& framework, SchedulerCache& cache, const api::Pod& pod) {
  cache.refresh_order();
  Explanation out;
  CycleState state;
  std::uint64_t narrowed_by = 0;
  const Verdict pre = framework.run_pre_filter(state, pod, out.pre_filter_nodes, narrowed_by);
  const NodeNames& names = out.pre_filter_nodes;
  Diagnosis diagnosis;
  diagnosis.nodes_total = static_cast<std::int64_t>(cache.order().size());
  if (!pre.ok()) diagnosis.pre_filter_message = message_of(pre);
  for (std::size_t i = 0; i < framework.size(); ++i) {
    if (state.skipped_filters >> i & 1) {
      out.skipped_filters.emplace_back(framework.plugin(static_cast<int>(i)).name());
    }
  }
  for (const NodeSlot slot : cache.order()) {
    const NodeInfo info = cache.node(slot);
    Explanation::Node node{info.name(), pre, {}, 0, false, true, {}};
    if (pre.ok() && names && !std::binary_search(names->begin(), names->end(), info.name())) {
      node.verdict = left_out(framework, narrowed_by);
    } else if (pre.ok()) {
      node.verdict = framework.run_filter(state, pod, info);
    }
    if (node.verdict.ok()) {
      out.feasible.push_back(out.nodes.size());
    } else {
      diagnosis.add(node.verdict);
      if (node.verdict.plugin >= 0) node.plugin = framework.plugin(node.verdict.plugin).name();
    }
    out.nodes.push_back(std::move(node));
  }
  add_scores(framework, cache, pod, state, out);
  if (out.feasible.empty()) out.fit_error = fit_error_text(diagnosis);
  return out;
}

}  // namespace orrery::scheduler
