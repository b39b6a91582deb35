#include "core/controller/replicaset_status.h"

#include <gtest/gtest.h>

namespace orrery::controller {
namespace {

const Time kNow{std::chrono::seconds(1000)};

TEST(PodTally, CountsOnlyActivePodsAsReplicas) {
  api::Pod pod;
  pod.status.phase = Symbol("Running");
  api::PodCondition ready;
  ready.type = Symbol("Ready");
  ready.status = Symbol("True");
  pod.status.conditions = {ready};
  EXPECT_EQ(tally_of(pod, true, true), (PodTally{1, 1, 1, 0, 0}));
  EXPECT_EQ(tally_of(pod, true, false), (PodTally{1, 0, 1, 0, 0}));
  EXPECT_EQ(tally_of(pod, false, true), (PodTally{0, 0, 0, 0, 1}));
  pod.meta.deletion_timestamp = kNow;
  EXPECT_EQ(tally_of(pod, true, true), (PodTally{0, 0, 0, 1, 0}));
  pod.status.phase = Symbol("Failed");
  EXPECT_EQ(tally_of(pod, true, true), PodTally{});
}

TEST(ReplicaSetStatus, NamesTheFailureByWhatWasWanted) {
  api::ReplicaSet rs;
  const Status error(Reason::kForbidden, "no quota");
  rs.status = replicaset_status(rs, 1, {}, {error, -2}, kNow);
  ASSERT_EQ(rs.status.conditions.size(), 1u);
  EXPECT_EQ(rs.status.conditions[0].reason, "FailedCreate");
  EXPECT_EQ(rs.status.conditions[0].message, "no quota");
  // A later failure leaves the first one standing.
  const Status other(Reason::kForbidden, "other");
  EXPECT_EQ(replicaset_status(rs, 1, {}, {other, 2}, kNow + 1s), rs.status);
  rs.status = replicaset_status(rs, 1, {}, {}, kNow);
  EXPECT_TRUE(rs.status.conditions.empty());
  rs.status = replicaset_status(rs, 1, {}, {error, 2}, kNow);
  EXPECT_EQ(rs.status.conditions[0].reason, "FailedDelete");
}

}  // namespace
}  // namespace orrery::controller
