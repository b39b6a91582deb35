// slow_start: how many writes of a burst go out at once: 1, 2, 4, ... A controller whose first
// create fails (quota, a bad template) has thus sent one bad request, not five hundred.
#pragma once

#include <algorithm>

namespace orrery::controller {

/// SlowStartInitialBatchSize.
inline constexpr int kSlowStartInitialBatch = 1;
/// Most pods that one sync creates or deletes (BurstReplicas).
inline constexpr int kBurstReplicas = 500;

/// The batch after one of `previous` writes (0 = first), when `remaining` are still to send.
inline int next_batch(int previous, int remaining) {
  return std::min(remaining, previous == 0 ? kSlowStartInitialBatch : 2 * previous);
}

}  // namespace orrery::controller
