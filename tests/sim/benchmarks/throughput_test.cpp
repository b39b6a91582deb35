#include "sim/benchmarks/throughput.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TEST(ThroughputSampler, AverageIsAllPodsOverAllSeconds) {
  ThroughputSampler s;
  s.start(5 * kMs);
  for (std::int64_t ms = 1; ms <= 1000; ++ms) {
    s.sample((5 + ms) * kMs, static_cast<std::uint64_t>(10 * ms));
  }
  s.stop(1005 * kMs, 10'000);
  const auto summary = s.summarise();
  EXPECT_EQ(summary.pods, 10'000u);
  EXPECT_DOUBLE_EQ(summary.wall_seconds, 1.0);
  EXPECT_DOUBLE_EQ(summary.interval_seconds, 0.05);
  EXPECT_DOUBLE_EQ(summary.pods_per_second.average, 10'000);
  EXPECT_DOUBLE_EQ(summary.pods_per_second.perc50, 10'000);
  EXPECT_EQ(summary.pods_per_second.count, 20u);
}

TEST(ThroughputSampler, PercentilesAreOfIntervals) {
  ThroughputSampler s;
  s.start(0);
  std::uint64_t pods = 0;
  for (std::int64_t ms = 1; ms <= 20; ++ms) {
    pods += ms == 20 ? 100 : 10;
    s.sample(ms * kMs, pods);
  }
  s.stop(20 * kMs, pods);
  const auto p = s.summarise().pods_per_second;
  EXPECT_DOUBLE_EQ(p.perc50, 10'000);
  EXPECT_DOUBLE_EQ(p.perc95, 10'000);
  EXPECT_DOUBLE_EQ(p.perc99, 100'000);
  EXPECT_NEAR(p.average, 290 / 0.02, 1e-6);
}

TEST(ThroughputSampler, AnIntervalWithoutPodsLengthensTheNext) {
  ThroughputSampler s;
  s.start(0);
  for (std::int64_t ms = 1; ms <= 40; ++ms) {
    s.sample(ms * kMs, static_cast<std::uint64_t>(ms / 4 * 4));
  }
  s.stop(40 * kMs, 40);
  const auto summary = s.summarise();
  EXPECT_DOUBLE_EQ(summary.interval_seconds, 0.002);
  EXPECT_EQ(summary.pods_per_second.count, 20u);
  EXPECT_DOUBLE_EQ(summary.pods_per_second.perc50, 1000);
  EXPECT_DOUBLE_EQ(summary.pods_per_second.perc99, 1000);
}

TEST(ThroughputSampler, APhaseShorterThanAnIntervalIsOneSample) {
  ThroughputSampler s;
  s.start(0);
  s.stop(kMs / 2, 5);
  const auto summary = s.summarise();
  EXPECT_DOUBLE_EQ(summary.pods_per_second.average, 10'000);
  EXPECT_DOUBLE_EQ(summary.pods_per_second.perc50, 10'000);
  EXPECT_EQ(summary.pods_per_second.count, 1u);
}

TEST(ThroughputSampler, KeepsABoundedNumberOfPoints) {
  ThroughputSampler s;
  s.start(0);
  const std::int64_t last = 4 * static_cast<std::int64_t>(ThroughputSampler::kPointsMax);
  for (std::int64_t ms = 1; ms <= last; ++ms) s.sample(ms * kMs, static_cast<std::uint64_t>(ms));
  s.stop(last * kMs, static_cast<std::uint64_t>(last));
  EXPECT_LE(s.points().size(), ThroughputSampler::kPointsMax + 1);
  EXPECT_NEAR(s.summarise().pods_per_second.perc50, 1000, 20);
}

TEST(Percentiles, AreTheSmallestValueAtOrAboveTheShare) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  const Percentiles p = percentiles_of(values);
  EXPECT_DOUBLE_EQ(p.perc50, 50);
  EXPECT_DOUBLE_EQ(p.perc99, 99);
  EXPECT_DOUBLE_EQ(p.average, 50.5);
  EXPECT_EQ(percentiles_of({}).count, 0u);
}

}  // namespace
}  // namespace orrery::sim
