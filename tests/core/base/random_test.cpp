#include "core/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace orrery {
namespace {

std::vector<std::uint64_t> draws(RandomStream& stream, int count) {
  std::vector<std::uint64_t> out;
  for (int i = 0; i < count; ++i) out.push_back(stream.next());
  return out;
}

TEST(Random, SameSeedAndNameGiveTheSameDraws) {
  Random a(7), b(7);
  EXPECT_EQ(draws(a.stream("scheduler.tie_break"), 100),
            draws(b.stream("scheduler.tie_break"), 100));
}

TEST(Random, AnotherSeedOrNameGivesOtherDraws) {
  Random a(7), b(8);
  const auto reference = draws(a.stream("x"), 10);
  EXPECT_NE(reference, draws(b.stream("x"), 10));
  EXPECT_NE(reference, draws(a.stream("y"), 10));
}

TEST(Random, DrawsOfOneStreamNeverMoveAnothers) {
  Random quiet(7), busy(7);
  const auto want = draws(quiet.stream("kubelet"), 50);
  std::vector<std::uint64_t> got;
  for (int i = 0; i < 50; ++i) {
    draws(busy.stream("scheduler"), i % 3);
    got.push_back(busy.stream("kubelet").next());
  }
  EXPECT_EQ(want, got);
}

TEST(Random, TheSameNameIsTheSameStream) {
  Random random(1);
  EXPECT_EQ(&random.stream("a"), &random.stream("a"));
}

// Pinned: these bits are what makes a seed of last year repeat today.
TEST(Random, DrawsAreTheSameInEveryBuild) {
  Random random(1);
  RandomStream& stream = random.stream("pinned");
  EXPECT_EQ(draws(stream, 3),
            (std::vector<std::uint64_t>{2464627944208601130u, 13518715804141249099u,
                                        10715044745076507513u}));
}

double chi_square(const std::vector<int>& counts, double expected) {
  double sum = 0;
  for (const int n : counts) sum += (n - expected) * (n - expected) / expected;
  return sum;
}

TEST(Random, BelowIsUnbiased) {
  RandomStream stream(42);
  // Limits: the 99.99th percentile of chi-square with bound - 1 degrees of freedom.
  const struct {
    std::uint64_t bound;
    double limit;
  } cases[] = {{2, 15.2}, {3, 18.5}, {10, 33.8}, {100, 161.4}};
  for (const auto& c : cases) {
    constexpr int kDraws = 100'000;
    std::vector<int> counts(c.bound);
    for (int i = 0; i < kDraws; ++i) ++counts.at(stream.below(c.bound));
    EXPECT_LT(chi_square(counts, kDraws / static_cast<double>(c.bound)), c.limit) << c.bound;
  }
}

TEST(Random, BelowIsUnbiasedWhereTheBoundIsHuge) {
  // With bound = 3/4 of the range, taking the remainder would favour the first third two to one.
  RandomStream stream(42);
  constexpr std::uint64_t kBound = (std::uint64_t{1} << 63) + (std::uint64_t{1} << 62);
  std::vector<int> counts(3);
  for (int i = 0; i < 30'000; ++i) ++counts.at(stream.below(kBound) / (std::uint64_t{1} << 62));
  EXPECT_LT(chi_square(counts, 10'000), 18.5);
}

TEST(Random, BelowOneIsAlwaysZero) {
  RandomStream stream(1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(0u, stream.below(1));
}

TEST(Random, UnitFillsTheHalfOpenInterval) {
  RandomStream stream(3);
  double low = 1, high = 0, sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double u = stream.unit();
    low = std::min(low, u);
    high = std::max(high, u);
    sum += u;
  }
  EXPECT_GE(low, 0);
  EXPECT_LT(high, 1);
  EXPECT_LT(low, 0.001);
  EXPECT_GT(high, 0.999);
  EXPECT_NEAR(0.5, sum / 100'000, 0.005);
}

TEST(Random, NormalHasItsMomentsAndTails) {
  RandomStream stream(5);
  constexpr int kDraws = 200'000;
  double sum = 0, squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = stream.normal();
    sum += x;
    squares += x * x;
    if (x > 2 || x < -2) ++beyond_two;
  }
  EXPECT_NEAR(0, sum / kDraws, 0.01);
  EXPECT_NEAR(1, squares / kDraws, 0.02);
  EXPECT_NEAR(0.0455, static_cast<double>(beyond_two) / kDraws, 0.002);
}

TEST(Random, ExponentialHasItsMean) {
  RandomStream stream(6);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) sum += stream.exponential(3);
  EXPECT_NEAR(3, sum / 100'000, 0.05);
}

TEST(LatencyModel, DrawsHitTheMedianAndThe99thPercentile) {
  RandomStream stream(9);
  const LatencyModel model{.p50 = 150ms, .p99 = 400ms};
  std::vector<Duration> all;
  for (int i = 0; i < 100'000; ++i) all.push_back(model.draw(stream));
  std::sort(all.begin(), all.end());
  EXPECT_NEAR(0.150, seconds(all[50'000]), 0.002);
  EXPECT_NEAR(0.400, seconds(all[99'000]), 0.010);
  EXPECT_GT(all.front(), 0s);
  for (const Duration d : all) EXPECT_EQ(0, d.count() % 1000);
}

TEST(LatencyModel, WithoutASpreadIsConstantAndDrawsNothing) {
  RandomStream stream(9), untouched(9);
  EXPECT_EQ(80ms, (LatencyModel{.p50 = 80ms}.draw(stream)));
  EXPECT_EQ(80ms, (LatencyModel{.p50 = 80ms, .p99 = 80ms}.draw(stream)));
  EXPECT_EQ(0s, (LatencyModel{.p50 = 0s, .p99 = 1s}.draw(stream)));
  EXPECT_EQ(untouched.next(), stream.next());
}

TEST(LatencyModel, AWildSpreadStillFitsADuration) {
  RandomStream stream(9);
  const LatencyModel model{.p50 = 1h, .p99 = 1'000'000h};
  for (int i = 0; i < 100'000; ++i) {
    const Duration d = model.draw(stream);
    ASSERT_GE(d, 0s);
    ASSERT_LE(d, Duration{static_cast<std::int64_t>(1e17)});
  }
}

}  // namespace
}  // namespace orrery
