// bench_scheduler: what scheduling one pod costs, from the informer's event to the confirmed
// binding, with a client that answers at once (no API server). Prints one JSON line a case.
#pragma once

#include <cstddef>

namespace orrery::bench {

/// `templates`: distinct pod specs, taken in turn. All pods are there at the start.
struct SchedulerCase {
  std::size_t nodes = 5000;
  std::size_t pods = 30000;
  std::size_t templates = 1;
  bool fast_path = true;
};

void bench_scheduler(const SchedulerCase& c);
/// The cases of the budget: 1,000, 5,000 and 50,000 nodes.
void bench_scheduler();

}  // namespace orrery::bench
