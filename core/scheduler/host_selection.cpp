#include "core/scheduler/host_selection.h"

#include <algorithm>

namespace orrery::scheduler {

std::int64_t nodes_to_find(std::int32_t percentage, std::int64_t nodes) {
  constexpr std::int64_t kNodesMin = 100;  // minFeasibleNodesToFind
  if (nodes < kNodesMin) return nodes;
  const std::int64_t percent =
      percentage > 0 ? percentage : std::max<std::int64_t>(50 - nodes / 125, 5);
  return std::clamp(nodes * percent / 100, kNodesMin, nodes);
}

std::size_t choose_tie(TieBreak rule, std::size_t ties, RandomStream& stream) {
  if (rule != TieBreak::kRandom || ties < 2) return 0;
  return static_cast<std::size_t>(stream.below(ties));
}

std::size_t select_host(TieBreak rule, std::span<const std::int64_t> totals,
                        std::span<const NodeSlot> feasible, const SchedulerCache& cache,
                        RandomStream& stream) {
  std::int64_t best = totals.front();
  for (const std::int64_t total : totals) best = std::max(best, total);
  const auto ties = static_cast<std::size_t>(std::count(totals.begin(), totals.end(), best));
  const auto name = [&](std::size_t i) { return cache.node(feasible[i]).name(); };
  const bool by_name = rule == TieBreak::kLowestName;
  std::size_t left = by_name ? 0 : choose_tie(rule, ties, stream);
  std::size_t chosen = totals.size();
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i] != best) continue;
    if (by_name) {
      if (chosen == totals.size() || name(i) < name(chosen)) chosen = i;
    } else if (left-- == 0) {
      return i;
    }
  }
  return chosen;
}

}  // namespace orrery::scheduler
