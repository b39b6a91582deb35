// How many nodes are looked at and which of the best is taken: the parts of a cycle that the plain
// and the fast path must do alike.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/random.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

/// numFeasibleNodesToFind: all below 100 nodes; otherwise `percentage`, or 50 - n/125 (at least 5)
/// percent if it is 0; at least 100.
std::int64_t nodes_to_find(std::int32_t percentage, std::int64_t nodes);

/// Which of `ties` equally good nodes (in scan order) is taken by `rule`, for rules that need no
/// names. One draw if there is a choice.
std::size_t choose_tie(TieBreak rule, std::size_t ties, RandomStream& stream);

/// Index of the chosen node: highest total, ties by `rule`. `feasible` is not empty.
std::size_t select_host(TieBreak rule, std::span<const std::int64_t> totals,
                        std::span<const NodeSlot> feasible, const SchedulerCache& cache,
                        RandomStream& stream);

}  // namespace orrery::scheduler
