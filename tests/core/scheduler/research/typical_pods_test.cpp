#include "core/scheduler/research/typical_pods.h"

#include <gtest/gtest.h>

namespace orrery::scheduler {
namespace {

std::vector<PodShape> times(std::size_t n, const PodShape& shape) {
  return std::vector<PodShape>(n, shape);
}

std::vector<PodShape> joined(std::initializer_list<std::vector<PodShape>> parts) {
  std::vector<PodShape> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const PodShape kSmall{1000, 500, 1, {}};
const PodShape kLarge{2000, 1000, 2, {}};
const PodShape kCpu{4000, 0, 0, {}};

TEST(TypicalPods, AreTheMostFrequentShapesThatTogetherCoverTheShareAskedFor) {
  const auto pods = joined({times(3, kLarge), times(60, kSmall), times(37, kCpu)});
  EXPECT_EQ(typical_pods(pods, 95), (std::vector<TypicalPod>{{kSmall, 60}, {kCpu, 37}}));
  EXPECT_EQ(typical_pods(pods, 60), (std::vector<TypicalPod>{{kSmall, 60}}));
  EXPECT_EQ(typical_pods(pods, 98).size(), 3u);
}

TEST(TypicalPods, OfEquallyFrequentShapesTheLargerComesFirst) {
  const auto pods = joined({times(2, kSmall), times(2, kLarge), times(2, kCpu)});
  EXPECT_EQ(typical_pods(pods, 100),
            (std::vector<TypicalPod>{{kCpu, 2}, {kLarge, 2}, {kSmall, 2}}));
}

TEST(TypicalPods, TellShapesWithOtherModelsApart) {
  PodShape on_t4 = kSmall;
  on_t4.models = {Symbol("T4")};
  EXPECT_EQ(typical_pods(joined({times(1, kSmall), times(2, on_t4)}), 100),
            (std::vector<TypicalPod>{{on_t4, 2}, {kSmall, 1}}));
}

TEST(TypicalPods, OfNoPodsAreNone) { EXPECT_TRUE(typical_pods({}).empty()); }

}  // namespace
}  // namespace orrery::scheduler
