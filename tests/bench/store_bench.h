// Benchmark of the store over memory: writes and what watches read. Called by the bench program.
#pragma once

#include <cstddef>

namespace orrery::bench {

/// Creates, updates and removes `pods` pods of one spec without watchers; then updates them again
/// while `watches` subscriptions read every change. Prints one JSON line a case.
void bench_store(std::size_t pods = 200'000, std::size_t watches = 10);

}  // namespace orrery::bench
