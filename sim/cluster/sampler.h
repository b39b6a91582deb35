// Sampler: writes series.csv and placement.csv: one row a sample instant of virtual time. Columns
// are documented in docs/output.md. Only reads the recorder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/results/run_files.h"
#include "core/runtime/env.h"
#include "sim/cluster/recorder.h"

namespace orrery::sim {

class Sampler {
 public:
  struct Options {
    Duration series_interval{};     // zero: no series
    Duration placement_interval{};  // zero: no placement map
    std::int64_t placement_rows_max = 0;
    Time until;
  };
  Sampler(Env& env, Recorder& recorder, Options options);

  /// Opens the files in `dir` and sets the timers; the pools must be known to the recorder.
  Status start(const std::string& dir, const std::vector<std::string>& pools);
  /// Writes the last row and closes the files.
  Status finish();

 private:
  void sample();
  void map();
  void next_sample();
  void next_map();

  Env& env_;
  Recorder& recorder_;
  Options options_;
  Time start_;
  std::vector<std::string> pools_;
  std::optional<results::CsvFile> series_, placement_;
  std::int64_t placement_rows_ = 0;
  std::uint64_t changes_before_ = 0;
  Time last_sample_;
};

}  // namespace orrery::sim
