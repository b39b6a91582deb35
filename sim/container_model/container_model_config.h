// ContainerModelConfig: how containers on simulated nodes behave: how long pulls and starts take,
// which of them exit, crash, run out of memory or become ready late. Filled from a scenario's
// models and faults; one instance is shared by the nodes of a cluster.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/api/pod.h"
#include "core/base/random.h"

namespace orrery::sim {

/// Longer than any run.
inline constexpr Duration kForever = Duration::max();

/// What containers that match do. All given parts of the match must fit.
struct ContainerBehaviour {
  std::string image;      // a pattern: * stands for any text; "" = any image
  std::string container;  // a container's name; "" = any
  std::string name_space;
  std::vector<std::pair<Symbol, Symbol>> labels;  // of the pod

  std::optional<LatencyModel> exits_after;  // then it exits with exit_code
  std::int32_t exit_code = 0;
  std::optional<LatencyModel> crashes_after;  // exits with crash_code, the first crash_times starts
  std::int32_t crash_code = 1;
  std::uint32_t crash_times = 0;            // 0: every time
  std::optional<Duration> oom_after;        // killed for memory if its limit is below oom_memory
  std::int64_t oom_memory = 0;              // bytes; 0: killed whatever the limit
  std::optional<LatencyModel> ready_after;  // startup and readiness probes succeed from then on
  bool never_ready = false;
  std::optional<Duration> liveness_fails_after;  // of each start
  std::optional<LatencyModel> run_time;          // of a Job's container; then it exits with 0
  std::optional<bool> ignores_term;              // runs on until KILL
  bool pull_fails = false;
  bool hook_fails = false;  // postStart and preStop commands exit with 1
};

struct ContainerModelConfig {
  std::uint64_t seed = 1;
  LatencyModel sandbox{150ms, 400ms};
  LatencyModel container{80ms, 300ms};
  LatencyModel stop{50ms, 300ms};     // from TERM to exit
  LatencyModel command{20ms, 100ms};  // of hooks; `sleep N` takes its time
  LatencyModel pull_overhead{300ms, 900ms};
  Duration pull_per_gib = 8s;
  std::int64_t image_bytes = 200ll << 20;                         // of images without a size
  std::vector<std::pair<std::string, std::int64_t>> image_sizes;  // pattern -> bytes; longest wins
  bool serialize_pulls = true;          // one at a time per node (serializeImagePulls)
  std::int32_t term_exit_code = 0;      // of a container that ends on TERM
  LatencyModel job_run_time{30s, 60s};  // containers of pods that a Job owns
  /// For each property the first matching behaviour that sets it decides.
  std::vector<ContainerBehaviour> behaviours;
};

/// What the nodes of a cluster share: the settings and the faults that are on.
struct ContainerModelShared {
  explicit ContainerModelShared(ContainerModelConfig c) : config(std::move(c)) {}
  const ContainerModelConfig config;
  std::vector<std::string> failing_images;  // patterns whose pulls fail for now
};

/// On a pod: its containers run so long, then exit with 0 ("90s", "1h30m").
inline constexpr const char* kRunTimeAnnotation = "orrery.dev/run-time";

}  // namespace orrery::sim
