// ThroughputSampler: scheduled pods over wall time, sampled while a phase is measured, and what
// scheduler_perf says of them. Time comes from outside, in nanoseconds of a stopwatch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orrery::sim {

/// Average and percentiles in upstream's way: the p-th is the ceil(n * p / 100)-th smallest.
struct Percentiles {
  double average = 0;
  double perc50 = 0, perc90 = 0, perc95 = 0, perc99 = 0;
  std::uint64_t count = 0;
};

/// Of any values; sorts them.
Percentiles percentiles_of(std::vector<double> values);

class ThroughputSampler {
 public:
  /// Points are kept at most this close; at kPointsMax the distance doubles.
  static constexpr std::int64_t kPointNanoseconds = 1'000'000;
  static constexpr std::size_t kPointsMax = 65536;

  struct Summary {
    /// average: all pods over all seconds. Percentiles: of the intervals.
    Percentiles pods_per_second;
    double interval_seconds = 0;
    double wall_seconds = 0;
    std::uint64_t pods = 0;
  };
  struct Point {
    std::int64_t at;  // since start
    std::uint64_t pods;
  };

  void start(std::int64_t now);
  /// Call often; cheap when it is too early for the next point.
  void sample(std::int64_t now, std::uint64_t pods) {
    if (now - start_ >= next_) add(now - start_, pods);
  }
  void stop(std::int64_t now, std::uint64_t pods);
  const std::vector<Point>& points() const { return points_; }
  /// The interval is the longest of 1 s, 500, 200, 100, 50, 20, 10, 5, 2 and 1 ms that gives 20
  /// samples. As upstream, an interval without a pod lengthens the next one.
  Summary summarise() const;

 private:
  void add(std::int64_t since, std::uint64_t pods);

  std::int64_t start_ = 0;
  std::int64_t next_ = 0;
  std::int64_t distance_ = kPointNanoseconds;
  std::vector<Point> points_;
};

}  // namespace orrery::sim
