#include "core/scheduler/research/fragmentation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace orrery::scheduler {
namespace {

const Symbol kT4{"T4"};
const Symbol kV100{"V100"};

// Weights 6 (half a device, 2 cores), 3 (two devices, 8 cores) and 1 (no GPU).
const std::vector<TypicalPod> kTypical{
    {{2000, 500, 1, {}}, 6}, {{8000, 1000, 2, {}}, 3}, {{1000, 0, 0, {}}, 1}};

std::int64_t amount(std::int64_t cpu, std::vector<std::int32_t> free, Symbol model = kT4) {
  return Fragmentation(kTypical).amount(model, cpu, free);
}

TEST(Fragmentation, OfAnEmptyNodeIsWhatPodsWithoutGpusLeaveIdle) {
  // Both GPU pods can use all 2000 milli; the pod without GPUs none.
  EXPECT_EQ(amount(16000, {1000, 1000}), 1 * 2000);
}

TEST(Fragmentation, CountsDevicesWithTooLittleFreeForAPodThatRunsOnAnother) {
  // Half a device: 300 milli cannot be used. Two devices: nothing can.
  EXPECT_EQ(amount(16000, {1000, 300}), 6 * 300 + 3 * 1300 + 1 * 1300);
}

TEST(Fragmentation, CountsAllIdleDevicesForAPodWithoutEnoughCpu) {
  EXPECT_EQ(amount(4000, {1000, 1000}), 3 * 2000 + 1 * 2000);
  EXPECT_EQ(amount(1999, {1000, 1000}), 10 * 2000);
  EXPECT_EQ(amount(2000, {1000, 1000}), 4 * 2000);
}

TEST(Fragmentation, CountsAllIdleDevicesForAPodOfAnotherModel) {
  const std::vector<TypicalPod> typical{{{1000, 500, 1, {kV100}}, 2}, {{1000, 500, 1, {}}, 3}};
  const std::vector<std::int32_t> free{700};
  EXPECT_EQ(Fragmentation(typical).amount(kV100, 8000, free), 0);
  EXPECT_EQ(Fragmentation(typical).amount(kT4, 8000, free), 2 * 700);
}

TEST(Fragmentation, IsNothingWhereNothingIsIdle) {
  EXPECT_EQ(amount(16000, {0, 0}), 0);
  EXPECT_EQ(amount(16000, {}), 0);
}

TEST(Fragmentation, ScoreIsTheWholePartOfTheSigmoidInPercent) {
  const Fragmentation fragmentation(kTypical);
  ASSERT_EQ(fragmentation.weight(), 10);
  EXPECT_EQ(fragmentation.score(0, 0), 50);
  EXPECT_EQ(fragmentation.score(700, 700), 50);
  EXPECT_EQ(fragmentation.score(0, 1), 49);  // any growth is below one half
  for (std::int64_t less = -80'000; less <= 80'000; less += 137) {
    const double x = static_cast<double>(less) / 10 / 1000;
    EXPECT_EQ(fragmentation.score(less, 0), static_cast<std::int64_t>(100 / (1 + std::exp(-x))))
        << less;
  }
}

}  // namespace
}  // namespace orrery::scheduler
