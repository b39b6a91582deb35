// Imports pod traces: the openb GPU cluster trace (a node list and pod lists as CSV) or one CSV
// file with the same pod columns. Called at a run's set-up for `trace:` and by `orrery sim import
// openb`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

struct TraceNode {
  std::string name;
  std::int64_t cpu_milli = 0, memory_mib = 0, gpus = 0;
  std::string gpu_model;  // "" without GPUs
};

struct TracePod {
  std::string name;
  std::int64_t cpu_milli = 0, memory_mib = 0;
  std::int64_t gpus = 0;                // devices asked for
  std::int64_t gpu_milli = 0;           // thousandths of each of them
  std::vector<std::string> gpu_models;  // allowed models; empty: any
  std::string qos;     // LS, BE, Burstable, Guaranteed; "" where the file has no such column
  std::string phase;   // how it ended in the recorded cluster
  Duration created{};  // from the start of the trace
  std::optional<Duration> deleted, scheduled;  // unset: never
};

struct ImportedTrace {
  std::vector<TraceNode> nodes;  // in the order of the file
  std::vector<TracePod> pods;    // by `created`, equal ones in the order of the file
  bool has_times = false;        // false: the file has no times; all pods arrive at 0 and stay

  /// When the last pod comes or goes.
  Duration end() const;
};

struct OpenbOptions {
  std::string pods = "default";         // which openb_pod_list_NAME.csv
  TraceNodes nodes = TraceNodes::kAll;  // which node list
  std::int64_t limit = 0;               // only the first so many pods; 0: all
  double speed = 1;                     // 2: all times halved
};

/// Reads a folder of openb CSV files. Errors are `file:line:column: column name: what`.
Result<ImportedTrace> read_openb(const std::string& dir, const OpenbOptions& options);
/// Reads one CSV file with openb's node columns.
Result<std::vector<TraceNode>> read_node_csv(const std::string& file);
/// Reads one CSV file with openb's pod columns; no nodes.
Result<ImportedTrace> read_pod_csv(const std::string& file, const OpenbOptions& options);
/// The trace that a scenario names, or an empty one where it names none.
Result<ImportedTrace> read_trace(const Scenario& scenario);

/// Writes a scenario file that runs the openb trace in `dir`; the trace is read once to check it.
Status write_openb_scenario(const std::string& dir, const std::string& file,
                            const OpenbOptions& options);

}  // namespace orrery::sim
