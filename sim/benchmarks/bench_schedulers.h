// The schedulers that a benchmark compares: from KubeSchedulerConfiguration files, or the default
// profile with one research policy in the place of its scores.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/benchmarks/bench_cluster.h"

namespace orrery::sim {

/// Named after the file. Invalid: every error with file and line. What cannot be used without a
/// network (extenders) is an error as well.
Result<BenchScheduler> bench_scheduler_from_file(const std::string& file);
/// `policy` is a plugin's name, with or without "Score" at its end, e.g. BestFit; "default" is the
/// default profile. BadRequest names those that there are.
Result<BenchScheduler> bench_scheduler_of_policy(std::string_view policy);
/// "42", "1,2,5" or "1..10". BadRequest.
Result<std::vector<std::uint64_t>> parse_seeds(std::string_view text);

}  // namespace orrery::sim
