// Benchmark of whole runs: a scenario from the first event to the last, without result files.
// Called by the bench program, which gives each run a process of its own.
#pragma once

#include <string>

namespace orrery::bench {

/// Prints one JSON line: wall seconds, events/s, pods/s (all pods bound, over the whole run), peak
/// resident memory of the process, memory per pod that is there at the end, and the digest. False
/// if the scenario cannot be read or its expectations do not hold.
bool bench_scenario(const std::string& file);

}  // namespace orrery::bench
