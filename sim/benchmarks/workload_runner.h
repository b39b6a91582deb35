// run_workload: one workload against one scheduler: the operations one after the other, and what
// was measured on the way. Wall time comes from the caller's stopwatch and changes nothing: one
// seed gives the same bindings. See docs/bench.md for what is measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/callback.h"
#include "core/base/result.h"
#include "sim/benchmarks/bench_cluster.h"
#include "sim/benchmarks/throughput.h"
#include "sim/benchmarks/workload_file.h"

namespace orrery::sim {

/// Nanoseconds since any fixed instant: of the wall, or of the processor.
using Stopwatch = Callback<std::int64_t()>;

struct BenchOptions {
  std::uint64_t seed = 1;
  /// Of the client that makes objects, in virtual time; 0: no limit.
  double requests_per_second = 5000;
  /// The scheduler writes an Event for each pod, as kube-scheduler does.
  bool writes_events = true;
  /// Virtual time that an operation may take (upstream: 10 minutes of wall time).
  Duration operation_max = std::chrono::minutes(10);
};

/// One measured phase.
struct Measurement {
  std::string name;  // as upstream calls it: the namespace, or the name of startCollectingMetrics
  ThroughputSampler::Summary throughput;
  std::vector<ThroughputSampler::Point> points;  // pods over wall time
  double virtual_seconds = 0;
  Percentiles attempt_ms;                // scheduling attempts that found a node
  Percentiles unschedulable_attempt_ms;  // that found none
  std::uint64_t attempts_scheduled = 0, attempts_unschedulable = 0, attempts_failed = 0;
};

struct BenchRun {
  std::vector<Measurement> measurements;
  std::int64_t nodes = 0;         // at the end
  std::uint64_t pods_bound = 0;   // in the whole run
  double wall_seconds = 0;        // of the whole run
  double virtual_seconds = 0;     // of the whole run
  std::uint64_t bindings = 0;     // digest of which pod went where, in order
};

/// Reads every template, then runs. Errors name the file and line that they come from.
Result<BenchRun> run_workload(const TestCase& test_case, const Workload& workload,
                              const BenchScheduler& scheduler, const BenchOptions& options,
                              Stopwatch& stopwatch);

}  // namespace orrery::sim
