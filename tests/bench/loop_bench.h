// Benchmark of the event loop alone: timers that fire and are set again, timers that are cancelled,
// and posts. Called by the bench program.
#pragma once

#include <cstddef>

namespace orrery::bench {

/// `pending` timers wait at any moment, `operations` fire. Prints one JSON line a case.
void bench_loop(std::size_t pending = 100'000, std::size_t operations = 3'000'000);

}  // namespace orrery::bench
