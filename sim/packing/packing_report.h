// What packing runs are told as: mean and standard deviation over the seeds for each policy, and
// the table and CSV files of `orrery bench packing`.
#pragma once

#include <string>
#include <vector>

#include "sim/packing/packing_run.h"

namespace orrery::sim {

/// Over the seeds; the deviation is that of a sample (n - 1), 0 with one seed.
struct MeanAndDeviation {
  double mean = 0;
  double deviation = 0;
};
MeanAndDeviation summarise(const std::vector<double>& values);

struct PackingSummary {
  std::string policy;
  std::size_t seeds = 0;
  MeanAndDeviation gpu_allocated, cpu_allocated, memory_allocated;  // shares, 0..1
  MeanAndDeviation unscheduled;                                     // pods
  MeanAndDeviation pods;
  MeanAndDeviation wall_seconds;
  struct Point {
    double arrived = 0;
    MeanAndDeviation gpu_allocated, fragments, fragment_ratio;
  };
  std::vector<Point> points;
};

/// One a policy, in the order in which policies first come.
std::vector<PackingSummary> summarise(const std::vector<PackingResult>& results);

/// For people: allocation, then fragmentation by arrived demand.
std::string packing_table(const std::vector<PackingSummary>& summaries);
/// One row a policy: `summary.csv` and `-o csv`.
std::string packing_summary_csv(const std::vector<PackingSummary>& summaries);
/// One row a run: `runs.csv`.
std::string packing_runs_csv(const std::vector<PackingResult>& results);
/// One row a run and demand: `points.csv`.
std::string packing_points_csv(const std::vector<PackingResult>& results);

}  // namespace orrery::sim
