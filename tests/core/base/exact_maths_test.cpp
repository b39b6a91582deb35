#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace orrery {
namespace {

constexpr double kTolerance = 1e-14;

TEST(ExactMaths, ExpIsWithinTheLastDigitsOfLibm) {
  RandomStream stream(1);
  for (int i = 0; i < 200'000; ++i) {
    const double x = (stream.unit() - 0.5) * (i % 2 ? 1398 : 4);
    const double want = std::exp(x);
    ASSERT_NEAR(want, exact_exp(x), kTolerance * want) << x;
  }
  EXPECT_EQ(1, exact_exp(0));
}

TEST(ExactMaths, LogIsWithinTheLastDigitsOfLibm) {
  RandomStream stream(2);
  for (int i = 0; i < 200'000; ++i) {
    const double x = i % 2 ? std::exp((stream.unit() - 0.5) * 1400) : 1 + (stream.unit() - 0.5) / 8;
    const double want = std::log(x);
    ASSERT_NEAR(want, exact_log(x), kTolerance * std::abs(want)) << x;
  }
  EXPECT_EQ(0, exact_log(1));
}

TEST(ExactMaths, LogReachesTheEndsOfTheRange) {
  for (const double x : {std::numeric_limits<double>::min(), std::numeric_limits<double>::max(),
                         std::numeric_limits<double>::denorm_min()}) {
    EXPECT_NEAR(std::log(x), exact_log(x), kTolerance * std::abs(std::log(x)));
  }
}

TEST(ExactMathsDeathTest, ArgumentsWithoutAnAnswerAreBugs) {
  EXPECT_DEATH(exact_log(0), "CHECK failed");
  EXPECT_DEATH(exact_log(-1), "CHECK failed");
  EXPECT_DEATH(exact_exp(700), "CHECK failed");
}

}  // namespace
}  // namespace orrery
