// Summary: what a run prints and what summary.json holds. Filled by the engine, printed by the CLI,
// read by the dashboard. docs/output.md documents the JSON form; keep both the same.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace orrery::results {

struct Simulated {
  std::int64_t nodes = 0;
  std::int64_t pods = 0;  // ever created
  double virtual_seconds = 0;
  double wall_seconds = 0;
  std::uint64_t events = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::uint64_t seed = 0;
  std::string digest;
  double speed_up() const { return wall_seconds > 0 ? virtual_seconds / wall_seconds : 0; }
  /// Peak memory of the process over the pods ever created; 0 without pods.
  double bytes_per_pod() const {
    return pods > 0 ? static_cast<double>(peak_rss_bytes) / static_cast<double>(pods) : 0;
  }
  double events_per_second() const {
    return wall_seconds > 0 ? static_cast<double>(events) / wall_seconds : 0;
  }
};

/// One line of what happened: a fault or action, and what came of it.
struct Happening {
  double at_seconds = 0;
  std::string kind;     // "fault", "action", "heal", "rollout"
  std::string what;     // "node-crash general-7"
  std::string message;  // "5 pods lost; all available again after 62.3 s"
};

/// Quantiles in seconds.
struct Quantiles {
  std::uint64_t count = 0;
  double p50 = 0, p90 = 0, p99 = 0, max = 0;
};

struct Unschedulable {
  std::string pod;
  std::string reason;
};

struct PoolUse {
  double cpu_share = 0, memory_share = 0, gpu_share = 0;  // requested / allocatable, at the end
  double cpu_share_max = 0;
  std::int64_t nodes = 0;
};

struct ExpectationOutcome {
  std::string what;
  bool held = false;
  std::string detail;
};

struct Summary {
  std::string scenario;
  Simulated simulated;
  std::vector<Happening> happened;
  Quantiles pod_startup;  // creation -> Running and Ready
  Quantiles scheduling;   // creation -> bound
  double pods_scheduled_per_wall_second = 0;
  std::map<std::string, std::int64_t> pods_by_phase;  // at the end
  std::int64_t pods_ready = 0;
  std::int64_t restarts = 0;
  std::vector<Unschedulable> unschedulable;  // at the end, at most a few
  std::int64_t unschedulable_count = 0;
  std::map<std::string, PoolUse> pools;
  std::vector<ExpectationOutcome> expectations;
  std::vector<std::string> problems;  // what could not be done, e.g. an action that named nothing
  std::vector<std::string> files;     // what was written
  std::string output_dir;
  std::string repeat_command;

  /// All expectations held and nothing was reported as a problem.
  bool passed() const;
};

nlohmann::json to_json(const Summary& summary);
/// What a person reads; `colour` only on a terminal.
std::string to_text(const Summary& summary, bool colour);
std::string to_csv(const Summary& summary);

}  // namespace orrery::results
