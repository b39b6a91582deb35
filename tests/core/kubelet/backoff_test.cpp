#include "core/kubelet/backoff.h"

#include <gtest/gtest.h>

namespace orrery::kubelet {
namespace {

const BackoffPolicy kPolicy{10s, 300s};
const Time kT0{std::chrono::hours(1)};

TEST(Backoff, DoublesFromTenSecondsToFiveMinutes) {
  Backoff item;
  EXPECT_EQ(kPolicy.allowed_at(item, kT0), kT0);  // never failed: at once
  Time event = kT0;
  for (const int expected : {10, 20, 40, 80, 160, 300, 300}) {
    kPolicy.next(item, event, event);
    EXPECT_EQ(kPolicy.allowed_at(item, event) - event, std::chrono::seconds(expected));
    event = kPolicy.allowed_at(item, event);
  }
}

TEST(Backoff, StartsAnewAfterTenMinutesWithoutATry) {
  Backoff item;
  kPolicy.next(item, kT0, kT0);
  kPolicy.next(item, kT0 + 10s, kT0 + 20s);
  EXPECT_EQ(item.delay, 20s);
  const Time late = kT0 + 20s + 600s;
  EXPECT_EQ(kPolicy.allowed_at(item, late), late + 20s);  // exactly ten minutes is not past it
  const Time later = late + 1s;
  EXPECT_EQ(kPolicy.allowed_at(item, later), later);
  kPolicy.next(item, later, later);
  EXPECT_EQ(item.delay, 10s);
}

}  // namespace
}  // namespace orrery::kubelet
