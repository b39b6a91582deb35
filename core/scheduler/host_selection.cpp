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
  const std::int64_t best = *std::max_element(totals.begin(), totals.end());
  std::vector<std::size_t> ties;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i] == best) ties.push_back(i);
  }
  if (rule == TieBreak::kLowestName) {
    return *std::min_element(ties.begin(), ties.end(), [&](std::size_t a, std::size_t b) {
      return cache.node(feasible[a]).name() < cache.node(feasible[b]).name();
    });
  }
  return ties[choose_tie(rule, ties.size(), stream)];
}

}  // namespace orrery::scheduler
