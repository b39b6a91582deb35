// Benchmark of the API server in process, without a client: what one write costs on the hot paths.
// Called by the bench program.
#pragma once

#include <cstddef>

namespace orrery::bench {

/// Creates, binds, updates the status of and deletes `pods` pods of one template, and updates the
/// status of a ReplicaSet and renews a lease as often; registers a twentieth as many nodes. Prints
/// one JSON line an operation: {"bench", "operations", "per_second", "micros_each"}, by processor
/// time.
void bench_apiserver(std::size_t pods = 200'000);

}  // namespace orrery::bench
