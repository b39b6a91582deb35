// Scenario: one `kind: Scenario` file as plain data, all defaults filled in. read_scenario (in
// scenario_reader.h) makes it; the engine runs it; to_json writes the full form into manifest.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "sim/scenario/action_spec.h"
#include "sim/scenario/cluster_spec.h"
#include "sim/scenario/model_spec.h"

namespace orrery::sim {

enum class TraceFormat : std::uint8_t { kOpenb, kCsv };
enum class TraceNodes : std::uint8_t { kAll, kGpu, kNone };

/// Pods that arrive and leave at recorded instants.
struct TraceSpec {
  TraceFormat format = TraceFormat::kOpenb;
  std::string dir;               // openb: the folder of the CSV files
  std::string pods = "default";  // openb: which pod list; csv: ignored
  TraceNodes nodes = TraceNodes::kAll;
  std::string file;        // csv: one file with openb's pod columns
  std::int64_t limit = 0;  // only the first so many pods; 0: all
  std::string name_space = "default";
  double speed = 1;  // 2: arrivals and departures twice as dense
};

enum class TieBreak : std::uint8_t { kRandom, kLowestName, kFirstIndex };
enum class ScoringStrategy : std::uint8_t {
  kLeastAllocated,
  kMostAllocated,
  kRequestedToCapacityRatio
};
enum class GpuPolicy : std::uint8_t { kTightest, kSpread, kFirst };

struct ShapePoint {
  std::int64_t utilization = 0, score = 0;
};

struct SchedulerSpec {
  std::string config;  // a KubeSchedulerConfiguration file; empty: the settings below
  TieBreak tie_break = TieBreak::kRandom;
  std::int64_t percentage_of_nodes_to_score = 0;  // 0: kube-scheduler's adaptive share
  ScoringStrategy scoring_strategy = ScoringStrategy::kLeastAllocated;
  std::vector<ShapePoint> shape;  // RequestedToCapacityRatio
  GpuPolicy gpu_policy = GpuPolicy::kTightest;
};

/// The run ends at `until`, or earlier where one of these holds and no action is left.
struct StopSpec {
  bool all_available = false;
  std::optional<Duration> idle;  // nothing changed for so long
};

struct RecordSpec {
  bool series = true;
  std::optional<Duration> series_interval;  // filled in: until / 600, at least 1s
  bool placement = true;
  std::optional<Duration> placement_interval;  // filled in: until / 120, rows <= placement_rows_max
  std::int64_t placement_rows_max = 500'000;
  bool events = true;
  std::int64_t events_max = 1'000'000;  // later ones are counted, not written
};

struct Scenario {
  std::string file;  // where it was read; paths in it are relative to its folder
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  Duration until = std::chrono::hours(1);
  Time start_time{std::chrono::seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z
  ClusterSpec cluster;
  std::vector<std::string> manifests;
  std::vector<Workload> workloads;
  std::optional<TraceSpec> trace;
  std::vector<Action> actions;  // in the order of `at`, equal ones in the order of the file
  Models models;
  SchedulerSpec scheduler;
  StopSpec stop_when;
  RecordSpec record;
  std::vector<Expectation> expect;

  /// A path of the scenario as seen from the working folder.
  std::string path_of(const std::string& path) const;
};

}  // namespace orrery::sim
