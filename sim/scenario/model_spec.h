// The models of a scenario: how long starts take and how containers behave, as plain data with
// their defaults. Read by ContainerModel and the link model. Durations with p50 and p99 are
// log-normal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/base/time.h"
#include "sim/scenario/cluster_spec.h"

namespace orrery::sim {

struct ImagePullModel {
  Duration per_gib = std::chrono::seconds(8);
  LatencyModel overhead{std::chrono::milliseconds(300), std::chrono::milliseconds(900)};
  Bytes default_size{200 * kMiB};
  std::map<std::string, Bytes>
      sizes;  // image pattern -> size; the longest pattern that matches wins
};

struct StartLatency {
  ImagePullModel image_pull;
  LatencyModel sandbox{std::chrono::milliseconds(150), std::chrono::milliseconds(400)};
  LatencyModel container{std::chrono::milliseconds(80), std::chrono::milliseconds(300)};
};

/// Which containers a behaviour is for: all given fields must match.
struct BehaviourMatch {
  std::string image;      // a pattern: * stands for any text
  std::string container;  // a container's name
  std::string name_space;
  std::map<std::string, std::string> labels;  // of the pod
};

struct ExitModel {
  LatencyModel after;
  std::int64_t code = 0;
};

struct CrashLoopModel {
  LatencyModel after{std::chrono::seconds(2), std::chrono::seconds(2)};
  std::int64_t code = 1;
  std::int64_t times = 0;  // 0: for ever
};

struct OomModel {
  Duration after{};
  Bytes memory;  // what it grows to: killed where its limit is lower
};

struct ReadinessModel {
  LatencyModel delay;  // from start until probes succeed
  bool never = false;  // probes never succeed
};

struct UsageModel {
  std::optional<CpuMilli> cpu;
  std::optional<Bytes> memory;
};

/// The first behaviour whose match fits a container and that has a field set gives that field.
struct Behaviour {
  BehaviourMatch match;
  std::optional<ExitModel> exits;
  std::optional<CrashLoopModel> crash_loop;
  std::optional<OomModel> oom;
  std::optional<ReadinessModel> readiness;
  std::optional<LatencyModel> run_time;  // then it exits with 0: containers of Jobs
  std::optional<UsageModel> usage;
  bool pull_fails = false;  // the image cannot be pulled: ImagePullBackOff
};

struct Models {
  StartLatency start_latency;
  LatencyModel run_time{std::chrono::seconds(30), std::chrono::seconds(60)};  // of Jobs' containers
  std::vector<Behaviour> behaviours;
  LatencyModel api_latency;    // of one API request; zero: none
  LatencyModel watch_latency;  // from a commit until a watcher sees it; zero: none
};

}  // namespace orrery::sim
