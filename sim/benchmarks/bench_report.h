// What `orrery bench scheduler` prints and writes: one BenchRow for each measured phase of a run,
// as a table, CSV, JSON, and as the DataItems that scheduler_perf writes.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/benchmarks/workload_runner.h"

namespace orrery::sim {

struct BenchRow {
  std::string name;  // SchedulingBasic/5000Nodes_10000Pods
  std::string scheduler;
  std::uint64_t seed = 1;
  double threshold = 0;  // 0: none
  ThresholdMetric metric;
  BenchRun run;              // without its measurements
  Measurement measured;
  std::uint64_t peak_rss_bytes = 0;  // of the process that ran it
  std::string error;                 // why there is no measurement

  /// What the threshold is compared with.
  double metric_value() const;
  bool passed() const;
};

nlohmann::json to_json(const BenchRow& row);
/// The inverse; BadRequest for what is no row. Without the points over time.
Result<BenchRow> bench_row_of(const nlohmann::json& value);

/// Rows of one workload and scheduler are one line: the mean over the seeds, and its standard
/// deviation where there are several.
std::string bench_table(const std::vector<BenchRow>& rows);
/// One line a row.
std::string bench_csv(const std::vector<BenchRow>& rows);
/// `workload,scheduler,seed,seconds,pods`: pods bound over wall time.
std::string bench_points_csv(const std::vector<BenchRow>& rows);
/// {"version": "v1", "dataItems": [...]}, as upstream's perfdata tools read it.
nlohmann::json bench_data_items(const std::vector<BenchRow>& rows);
bool all_passed(const std::vector<BenchRow>& rows);

}  // namespace orrery::sim
