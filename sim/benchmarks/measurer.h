// Measurer: what is measured while metrics are collected: pods bound over wall time and how long
// each scheduling attempt took. It only reads the stopwatch; off, it costs a comparison.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"
#include "sim/benchmarks/pod_counter.h"
#include "sim/benchmarks/workload_runner.h"

namespace orrery::sim {

class Measurer final : public scheduler::AttemptObserver {
 public:
  /// Attempts that are kept a phase; later ones count, but not for percentiles.
  static constexpr std::size_t kAttemptsMax = 4'000'000;
  /// Tasks of the loop between two looks at the stopwatch.
  static constexpr int kTasksBetween = 8;

  explicit Measurer(Stopwatch& stopwatch) : stopwatch_(stopwatch) {}

  void start(std::string name, const PodCounter& pods, Time now);
  bool is_on() const { return pods_ != nullptr; }
  /// Call after each task of the loop.
  void after_task() {
    if (!pods_ || ++tasks_ < kTasksBetween) return;
    tasks_ = 0;
    sampler_.sample(stopwatch_(), pods_->watched());
  }
  void stop(Time now);
  std::vector<Measurement> take() { return std::move(done_); }

  void on_attempt_begin() override {
    if (pods_) attempt_began_ = stopwatch_();
  }
  void on_attempt_end(scheduler::Placement::Kind outcome) override;

 private:
  Stopwatch& stopwatch_;
  const PodCounter* pods_ = nullptr;
  ThroughputSampler sampler_;
  Measurement current_;
  Time began_;
  int tasks_ = 0;
  std::int64_t attempt_began_ = 0;
  std::vector<double> scheduled_ms_, unschedulable_ms_;
  std::vector<Measurement> done_;
};

}  // namespace orrery::sim
