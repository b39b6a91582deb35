// The load generator's runs: closed-loop requests, events of watches, and the delay from a write
// to its watchers. Each runs on the calling thread until it is done; servers live elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/status.h"
#include "tests/bench/api_load/load_connection.h"

namespace orrery::bench {

struct LoadResult {
  Status status;  // e.g. the server cannot be reached
  std::uint64_t count = 0;  // answers or events
  double seconds = 0;
  std::uint64_t bytes = 0;  // of bodies
  std::map<int, std::uint64_t> by_status;
  std::vector<std::uint32_t> micros;  // of each answer or event, sorted

  double per_second() const { return seconds > 0 ? static_cast<double>(count) / seconds : 0; }
  /// 0 <= q <= 1; 0 without samples.
  std::uint32_t quantile(double q) const;
};

struct RequestRun {
  std::size_t connections = 8;
  std::chrono::nanoseconds duration = std::chrono::seconds(3);
  /// 0: as many as the duration has room for.
  std::uint64_t count_max = 0;
  /// The n-th request's bytes; see format_request().
  std::function<std::string(std::uint64_t n)> request;
};
LoadResult run_requests(const LoadTarget& target, const RequestRun& run);

struct WatchRun {
  std::size_t connections = 100;
  std::string path;  // "/api/v1/pods?watch=true"
  /// From the moment when all watches have their heads.
  std::chrono::nanoseconds duration = std::chrono::seconds(3);
  /// Called once then, on the calling thread.
  std::function<void()> on_ready;
};
/// Counts the events (lines) that all watches together receive.
LoadResult run_watches(const LoadTarget& target, const WatchRun& run);

struct LatencyRun {
  std::size_t connections = 1000;
  std::string path;
  std::size_t rounds = 20;
  /// A write that gives each watch at least one event.
  std::function<std::string(std::uint64_t n)> request;
};
/// The delay from a write's sending to each watch's first event after it.
LoadResult run_latency(const LoadTarget& target, const LatencyRun& run);

struct IdleRun {
  std::size_t connections = 10'000;
  std::string path;
  /// Called once all have had an answer and stay open; they close when it returns.
  std::function<void()> on_ready;
};
/// Opens connections, each with one request, and keeps them.
LoadResult run_idle(const LoadTarget& target, const IdleRun& run);

/// {"bench", "count", "per_second", "p50_ms", "p99_ms", "max_ms", "mb_per_second", "failed"}.
void print_load(const std::string& name, const LoadResult& result);

}  // namespace orrery::bench
