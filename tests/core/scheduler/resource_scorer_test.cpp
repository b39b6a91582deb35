#include "core/scheduler/plugins/resource_scorer.h"

#include <gtest/gtest.h>

#include "core/scheduler/plugins/balanced_allocation.h"

namespace orrery::scheduler {
namespace {

std::int64_t score(NodeResourcesFitArgs args, std::vector<std::int64_t> requested,
                   std::vector<std::int64_t> allocatable) {
  ResourceNames names;
  const ResourceScorer scorer(args, resolve(args.resources, names));
  return scorer.score(requested, allocatable);
}

TEST(ResourceScorer, LeastAllocatedIsTheWeightedMeanOfWhatIsFree) {
  EXPECT_EQ(score({}, {1000, 512}, {4000, 1024}), (75 + 50) / 2);
  EXPECT_EQ(score({}, {5000, 512}, {4000, 1024}), 25);  // over capacity counts as 0
  EXPECT_EQ(score({}, {1000, 512}, {4000, 0}), 75);     // absent resources do not count
}

TEST(ResourceScorer, MostAllocatedIsTheWeightedMeanOfWhatIsUsed) {
  NodeResourcesFitArgs args;
  args.strategy = ScoringStrategy::kMostAllocated;
  EXPECT_EQ(score(args, {1000, 512}, {4000, 1024}), (25 + 50) / 2);
  EXPECT_EQ(score(args, {9000, 0}, {4000, 1024}), 50);
}

TEST(ResourceScorer, RequestedToCapacityRatioFollowsItsShapeAndRounds) {
  NodeResourcesFitArgs args;
  args.strategy = ScoringStrategy::kRequestedToCapacityRatio;
  args.shape = {{0, 0}, {50, 10}, {100, 4}};
  EXPECT_EQ(score(args, {250, 750}, {1000, 1000}), (50 + 70) / 2);
  EXPECT_EQ(score(args, {250, 0}, {1000, 1000}), 50);  // resources with score 0 are left out
  EXPECT_EQ(score(args, {2000, 251}, {1000, 1000}), (40 + 50) / 2);
}

TEST(Balance, IsHundredForEqualFractionsAndFiftyForTheWorst) {
  const auto of = [](std::vector<std::int64_t> r, std::vector<std::int64_t> a) {
    return balance(r, a);
  };
  EXPECT_EQ(of({1, 10}, {2, 20}), 100);
  EXPECT_EQ(of({2, 0}, {2, 20}), 50);
  EXPECT_EQ(of({1, 5, 7}, {2, 10, 0}), 100);
  EXPECT_EQ(of({0, 5, 10}, {10, 10, 10}), 59);  // population deviation of 0, .5, 1
}

TEST(CheckShape, WantsRisingUtilisation) {
  EXPECT_FALSE(check_shape({}).ok());
  EXPECT_FALSE(check_shape({{50, 1}, {50, 2}}).ok());
  EXPECT_FALSE(check_shape({{0, 11}}).ok());
  EXPECT_TRUE(check_shape({{0, 0}, {100, 10}}).ok());
}

}  // namespace
}  // namespace orrery::scheduler
