#include "core/runtime/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/base/random.h"

namespace orrery {
namespace {

TEST(Histogram, QuantilesAreWithinTheBucketsWidthOfTheExactOnes) {
  RandomStream stream(1);
  const LatencyModel model{.p50 = 100ms, .p99 = 2s};
  Histogram histogram;
  std::vector<double> all;
  for (int i = 0; i < 20'000; ++i) {
    all.push_back(seconds(model.draw(stream)));
    histogram.observe(all.back());
  }
  std::sort(all.begin(), all.end());
  for (const double q : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = all[static_cast<std::size_t>(q * 20'000) - 1];
    EXPECT_NEAR(exact, histogram.quantile(q), 0.026 * exact) << q;
  }
  EXPECT_EQ(all.back(), histogram.max());
  EXPECT_LE(histogram.quantile(1), histogram.max());
}

TEST(Histogram, CountsAndSums) {
  Histogram histogram;
  for (const double x : {1.0, 2.0, 3.5}) histogram.observe(x);
  EXPECT_EQ(3u, histogram.count());
  EXPECT_EQ(6.5, histogram.sum());
  EXPECT_EQ(3.5, histogram.max());
}

TEST(Histogram, WithoutValuesIsZero) {
  EXPECT_EQ(0, Histogram().quantile(0.5));
  EXPECT_EQ(0u, Histogram().count());
}

TEST(Histogram, ZeroHasABucketOfItsOwn) {
  Histogram histogram;
  for (int i = 0; i < 9; ++i) histogram.observe(0);
  histogram.observe(5);
  EXPECT_EQ(0, histogram.quantile(0.5));
  EXPECT_NEAR(5, histogram.quantile(1), 0.13);
}

TEST(Histogram, OneValueIsEveryQuantile) {
  for (const double x : {1e-9, 0.005, 1.0, 42.0, 1e12}) {
    Histogram histogram;
    histogram.observe(x);
    EXPECT_NEAR(x, histogram.quantile(0), 0.026 * x);
    EXPECT_NEAR(x, histogram.quantile(0.5), 0.026 * x);
    EXPECT_NEAR(x, histogram.quantile(1), 0.026 * x);
  }
}

TEST(Metrics, TheSameNameIsTheSameMetric) {
  Metrics metrics;
  Counter& adds = metrics.counter("workqueue_adds_total{name=\"deployment\"}");
  adds.add();
  for (int i = 0; i < 100; ++i) metrics.counter("other_" + std::to_string(i)).add(2);
  adds.add(4);
  EXPECT_EQ(5u, metrics.counter("workqueue_adds_total{name=\"deployment\"}").value);
  EXPECT_EQ(101u, metrics.counters().size());
}

TEST(Metrics, ListsByNameInOrder) {
  Metrics metrics;
  metrics.gauge("b").value = 2;
  metrics.gauge("a").value = 1;
  EXPECT_EQ("a", metrics.gauges().begin()->first);
  metrics.histogram("h").observe(1);
  EXPECT_EQ(1u, metrics.histograms().at("h").count());
}

}  // namespace
}  // namespace orrery
