// Benchmark of the codec: a running pod's JSON text to an object and back. Called by the bench
// program.
#pragma once

#include <cstddef>

namespace orrery::bench {

/// Decodes and encodes `pods` pods, text included, and says what a decoded pod costs in memory:
/// alone, and as a copy that shares its spec. Prints one JSON line a case.
void bench_codec(std::size_t pods = 20'000);

}  // namespace orrery::bench
