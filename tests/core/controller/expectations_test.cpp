#include "core/controller/expectations.h"

#include <gtest/gtest.h>

namespace orrery::controller {
namespace {

const ObjectKey kOwner{Symbol("ns"), Text("rs")};
const Time kNow{std::chrono::seconds(100)};

TEST(Expectations, AreOpenUntilEveryCreationWasSeen) {
  Expectations e;
  EXPECT_TRUE(e.satisfied(kOwner, kNow));
  e.expect_creations(kOwner, 2, kNow);
  EXPECT_FALSE(e.satisfied(kOwner, kNow));
  e.creation_observed(kOwner);
  EXPECT_FALSE(e.satisfied(kOwner, kNow));
  e.creation_observed(kOwner);
  EXPECT_TRUE(e.satisfied(kOwner, kNow));
}

TEST(Expectations, CountEachDeletionOnce) {
  Expectations e;
  e.expect_deletions(kOwner, {Uid{1, 1}, Uid{2, 2}}, kNow);
  e.deletion_observed(kOwner, Uid{1, 1});
  e.deletion_observed(kOwner, Uid{1, 1});
  EXPECT_FALSE(e.satisfied(kOwner, kNow));
  e.deletion_observed(kOwner, Uid{2, 2});
  EXPECT_TRUE(e.satisfied(kOwner, kNow));
}

TEST(Expectations, ExpireAfterFiveMinutes) {
  Expectations e;
  e.expect_creations(kOwner, 1, kNow);
  EXPECT_FALSE(e.satisfied(kOwner, kNow + 5min));
  EXPECT_TRUE(e.satisfied(kOwner, kNow + 5min + 1ns));
}

}  // namespace
}  // namespace orrery::controller
