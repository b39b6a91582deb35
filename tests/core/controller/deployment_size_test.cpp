#include "core/controller/deployment_size.h"

#include <gtest/gtest.h>

#include "core/controller/deployment_annotations.h"
#include "core/controller/slow_start.h"

namespace orrery::controller {
namespace {

using api::IntOrString;

api::Deployment rolling(std::int32_t replicas, IntOrString surge, IntOrString unavailable) {
  api::Deployment d;
  d.spec.replicas = replicas;
  d.spec.strategy_type = Symbol("RollingUpdate");
  d.spec.max_surge = surge;
  d.spec.max_unavailable = unavailable;
  return d;
}

SetRef set(std::string_view name, std::int32_t replicas, std::int32_t available, int age,
           std::int32_t scaled_under = 0) {
  auto out = make_ref<api::ReplicaSet>();
  out->meta.name = Text(name);
  out->meta.creation_timestamp = Time{std::chrono::seconds(1000 - age)};
  out->spec.replicas = replicas;
  out->status.available_replicas = available;
  if (scaled_under > 0) {
    api::set(out->meta.annotations, kMaxReplicas, std::to_string(scaled_under));
  }
  return out;
}

TEST(Fenceposts, RoundSurgeUpAndUnavailableDown) {
  struct Case {
    IntOrString surge, unavailable;
    std::int32_t desired;
    Fenceposts want;
  };
  const IntOrString quarter("25%");
  const Case cases[] = {
      {quarter, quarter, 10, {3, 2}},
      {quarter, quarter, 1, {1, 0}},
      {quarter, quarter, 0, {0, 1}},
      {IntOrString(0), IntOrString(0), 5, {0, 1}},  // both 0 would block
      {IntOrString(0), IntOrString("10%"), 5, {0, 1}},
      {IntOrString("0%"), IntOrString(2), 5, {0, 2}},
      {IntOrString("100%"), IntOrString("100%"), 3, {3, 3}},
      {IntOrString(7), IntOrString(9), 3, {7, 9}},
      {IntOrString("34%"), IntOrString("34%"), 3, {2, 1}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(resolve_fenceposts(c.surge, c.unavailable, c.desired), c.want)
        << c.surge.to_string() << " " << c.unavailable.to_string() << " " << c.desired;
  }
}

TEST(Fenceposts, AtMostAllPodsMayBeUnavailable) {
  EXPECT_EQ(max_unavailable(rolling(3, IntOrString(0), IntOrString(9))), 3);
  EXPECT_EQ(max_unavailable(rolling(0, IntOrString(0), IntOrString(9))), 0);
  api::Deployment recreate = rolling(3, IntOrString(1), IntOrString(1));
  recreate.spec.strategy_type = Symbol("Recreate");
  EXPECT_EQ(max_unavailable(recreate), 0);
  EXPECT_EQ(max_surge(recreate), 0);
}

TEST(NewSetReplicas, GrowsIntoTheSurge) {
  const api::Deployment d = rolling(10, IntOrString(3), IntOrString(2));
  EXPECT_EQ(new_set_replicas(d, 0, 0), 10);    // a first rollout starts with all
  EXPECT_EQ(new_set_replicas(d, 10, 0), 3);    // surge only
  EXPECT_EQ(new_set_replicas(d, 11, 3), 5);    // what the old sets gave up
  EXPECT_EQ(new_set_replicas(d, 13, 5), 5);    // full
  EXPECT_EQ(new_set_replicas(d, 9, 9), 10);    // never more than wanted
}

TEST(OldSetSteps, TakeUnhealthyPodsFirstThenWhatAvailabilityAllows) {
  const api::Deployment d = rolling(10, IntOrString(2), IntOrString(2));
  const SetRef fresh = set("new", 2, 2, 0);
  const SetRef older = set("a", 4, 1, 20);  // three of its pods are unhealthy
  const SetRef old = set("b", 6, 6, 10);
  const std::vector<Resize> steps = old_set_steps(d, {older, old, fresh}, {older, old}, fresh);
  // 12 pods, 8 must be available: 4 may go. 3 unhealthy ones go; 9 are available, so 1 more.
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].set, older);
  EXPECT_EQ(steps[0].size, 1);
  EXPECT_EQ(steps[1].set, older);
  EXPECT_EQ(steps[1].size, 0);
}

TEST(OldSetSteps, WaitWhileNewPodsAreNotAvailable) {
  const api::Deployment d = rolling(5, IntOrString(1), IntOrString(0));
  const SetRef old = set("old", 5, 5, 10);
  const SetRef starting = set("new", 1, 0, 0);
  EXPECT_TRUE(old_set_steps(d, {old, starting}, {old}, starting).empty());
  const SetRef up = set("new", 1, 1, 0);
  const std::vector<Resize> steps = old_set_steps(d, {old, up}, {old}, up);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].size, 4);
}

TEST(ProportionalSizes, FollowUpstreamsShares) {
  struct Case {
    std::int32_t replicas;       // wanted now
    std::int32_t surge;
    std::int32_t max_before;     // desired + surge when the sets were scaled last
    std::vector<std::int32_t> sets;  // oldest first
    std::vector<std::int32_t> want;
  };
  const Case cases[] = {
      {15, 3, 13, {8, 5}, {11, 7}},       // recorded: proportional scaling mid rollout
      {12, 2, 8, {4, 4}, {7, 7}},         // recorded: paused mid rollout then scaled
      {5, 0, 10, {5, 5}, {2, 3}},         // shrinking: the older set gives the odd one
      {20, 0, 10, {10, 0}, {20, 0}},      // only active sets share
      {6, 0, 5, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 2}},  // a leftover goes to the newest of equals
      {0, 0, 10, {6, 4}, {0, 0}},
      {10, 0, 0, {3, 3}, {5, 5}},         // no annotation: status.replicas (6) is the base
  };
  for (const Case& c : cases) {
    api::Deployment d = rolling(c.replicas, IntOrString(c.surge), IntOrString(1));
    std::int32_t total = 0;
    SetList sets;
    for (std::size_t i = 0; i < c.sets.size(); ++i) {
      sets.push_back(set("s" + std::to_string(i), c.sets[i], 0, 100 - static_cast<int>(i),
                         c.max_before));
      total += c.sets[i];
    }
    d.status.replicas = total;
    std::vector<std::int32_t> got = c.sets;
    for (const Resize& step : proportional_sizes(d, active_sets(sets))) {
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if (sets[i] == step.set) got[i] = step.size;
      }
    }
    EXPECT_EQ(got, c.want) << "to " << c.replicas << "+" << c.surge << " from " << c.max_before;
  }
}

TEST(SlowStart, DoublesItsBatches) {
  std::vector<int> batches;
  int remaining = 20;
  for (int batch = next_batch(0, remaining); batch > 0; batch = next_batch(batch, remaining)) {
    batches.push_back(batch);
    remaining -= batch;
  }
  EXPECT_EQ(batches, (std::vector<int>{1, 2, 4, 8, 5}));
  EXPECT_EQ(next_batch(0, 0), 0);
}

}  // namespace
}  // namespace orrery::controller
