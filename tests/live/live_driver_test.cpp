#include "live/live_driver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

#include "core/runtime/event_loop.h"

namespace orrery {
namespace {

TEST(LiveDriver, ATimerFiresNoEarlierThanItsDeadline) {
  LiveDriver driver;
  EventLoop loop(driver);
  const Time deadline = loop.now() + 2ms;
  Time fired{};
  loop.at(deadline, [&] {
    fired = driver.now();
    EXPECT_GE(loop.now(), deadline);
    driver.stop();
  });
  loop.run();
  EXPECT_GE(fired, deadline);
}

TEST(LiveDriver, TimersFireInOrder) {
  LiveDriver driver;
  EventLoop loop(driver);
  std::vector<int> order;
  loop.after(2ms, [&] { order.push_back(2); });
  loop.after(3ms, [&] { driver.stop(); });
  loop.after(1ms, [&] { order.push_back(1); });
  loop.run();
  EXPECT_EQ((std::vector<int>{1, 2}), order);
}

TEST(LiveDriver, TheClockIsNearTheWallClockAndNeverTurnsBack) {
  LiveDriver driver;
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_LT(std::chrono::abs(driver.now().time_since_epoch() - wall), 10s);
  Time last = driver.now();
  for (int i = 0; i < 10'000; ++i) {
    const Time now = driver.now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(LiveDriver, MailWakesALoopThatHasNoTimer) {
  LiveDriver driver;
  EventLoop loop(driver);
  const auto loop_thread = std::this_thread::get_id();
  std::thread::id ran_on;
  std::thread sender([&] {
    EXPECT_TRUE(driver
                    .post_from_any_thread([&] {
                      ran_on = std::this_thread::get_id();
                      driver.stop();
                    })
                    .ok());
  });
  loop.run();
  sender.join();
  EXPECT_EQ(loop_thread, ran_on);
}

TEST(LiveDriver, MailWakesALoopLongBeforeItsNextTimer) {
  LiveDriver driver;
  EventLoop loop(driver);
  bool timer_fired = false;
  loop.after(300h, [&] { timer_fired = true; });
  std::promise<void> asleep;
  // Sent by a task that runs when the loop is about to sleep: the mail meets the sleep or ends it.
  loop.post([&] { asleep.set_value(); });
  std::thread sender([&] {
    asleep.get_future().wait();
    EXPECT_TRUE(driver.post_from_any_thread([&] { driver.stop(); }).ok());
  });
  loop.run();
  sender.join();
  EXPECT_FALSE(timer_fired);
}

TEST(LiveDriver, MailRunsInTheOrderSentByEachThread) {
  constexpr int kSenders = 3, kEach = 2000;
  LiveDriver driver;
  EventLoop loop(driver);
  std::vector<std::vector<int>> got(kSenders);
  int left = kSenders * kEach;
  std::vector<std::thread> senders;
  for (int s = 0; s < kSenders; ++s) {
    senders.emplace_back([&, s] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(driver
                        .post_from_any_thread([&, s, i] {
                          got[static_cast<std::size_t>(s)].push_back(i);
                          if (--left == 0) driver.stop();
                        })
                        .ok());
      }
    });
  }
  loop.run();
  for (std::thread& t : senders) t.join();
  for (const auto& mine : got) {
    ASSERT_EQ(static_cast<std::size_t>(kEach), mine.size());
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
  }
}

TEST(LiveDriver, StopFromAnotherThreadEndsALoopThatSleeps) {
  LiveDriver driver;
  EventLoop loop(driver);
  loop.after(300h, [] { FAIL() << "a stopped loop waits for nothing"; });
  std::thread stopper([&] { driver.stop(); });
  loop.run();
  stopper.join();
}

TEST(LiveDriver, StopBeforeRunIsNotLost) {
  LiveDriver driver;
  EventLoop loop(driver);
  driver.stop();
  bool ran = false;
  loop.post([&] { ran = true; });
  loop.run();
  EXPECT_TRUE(ran) << "what was ready runs, then the loop ends";
}

TEST(LiveDriver, AFullMailboxRefusesMail) {
  LiveDriver driver(2);
  EventLoop loop(driver);
  int ran = 0;
  EXPECT_TRUE(driver.post_from_any_thread([&] { ++ran; }).ok());
  EXPECT_TRUE(driver.post_from_any_thread([&] { ++ran; }).ok());
  EXPECT_TRUE(driver.post_from_any_thread([&] { ++ran; }).is(Reason::kTooManyRequests));
  loop.run(loop.now());
  EXPECT_EQ(2, ran);
  EXPECT_TRUE(driver.post_from_any_thread([&] { ++ran; }).ok());
}

TEST(LiveDriver, RunUntilReturnsAtItsTime) {
  LiveDriver driver;
  EventLoop loop(driver);
  const Time until = loop.now() + 2ms;
  loop.run(until);
  EXPECT_GE(loop.now(), until);
}

}  // namespace
}  // namespace orrery
