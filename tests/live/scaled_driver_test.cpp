#include "live/scaled_driver.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "core/runtime/event_loop.h"

namespace orrery {
namespace {

constexpr Time kStart{Duration(1'767'225'600'000'000'000)};

TEST(ScaledDriver, StartsAtTheGivenTime) {
  ScaledDriver driver(kStart);
  EventLoop loop(driver);
  EXPECT_EQ(kStart, loop.now());
}

TEST(ScaledDriver, TimersRunExactlyAtTheirInstantsAtAnySpeed) {
  for (const double speed : {1.0, 60.0, 1e6, ScaledDriver::kSpeedMax}) {
    ScaledDriver driver(kStart, speed);
    EventLoop loop(driver);
    std::vector<Duration> fired;
    for (const Duration d : {3ms, 1ms, 2ms}) {
      loop.after(d, [&] {
        fired.push_back(loop.now() - kStart);
        if (fired.size() == 3) driver.stop();
      });
    }
    loop.run();
    EXPECT_EQ((std::vector<Duration>{1ms, 2ms, 3ms}), fired) << speed;
  }
}

TEST(ScaledDriver, RunsAtItsMultipleOfTheWallClock) {
  ScaledDriver driver(kStart, 100);
  EventLoop loop(driver);
  const auto start = std::chrono::steady_clock::now();
  loop.after(2s, [&] { driver.stop(); });
  loop.run();
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, 20ms);
  EXPECT_LT(took, 1s);
}

TEST(ScaledDriver, AtMaxSpeedItJumpsAndStillServesMail) {
  ScaledDriver driver(kStart, ScaledDriver::kSpeedMax);
  EventLoop loop(driver);
  std::function<void()> beat = [&] { loop.after(10s, [&] { beat(); }); };
  beat();
  std::thread sender([&] {
    std::this_thread::sleep_for(5ms);
    EXPECT_TRUE(driver.post_from_any_thread([&] { driver.stop(); }).ok());
  });
  loop.run();
  sender.join();
  EXPECT_GT(loop.now() - kStart, 1h);
}

// A loop on a thread of its own, steered by mail as an administrator's requests would.
struct Running {
  explicit Running(double speed) : driver(kStart, speed), loop(driver), thread([this] {
    loop.run();
  }) {}
  ~Running() {
    driver.stop();
    thread.join();
  }
  Time now() {
    Time out{};
    on_loop([&] { out = loop.now(); });
    return out;
  }
  void on_loop(const std::function<void()>& task) {
    std::atomic<bool> done{false};
    ASSERT_TRUE(driver
                    .post_from_any_thread([&] {
                      task();
                      done = true;
                      done.notify_one();
                    })
                    .ok());
    done.wait(false);
  }
  ScaledDriver driver;
  EventLoop loop;
  std::thread thread;
};

TEST(ScaledDriver, APausedClockStandsStillAndServesMail) {
  Running r(1000);
  r.on_loop([&] { r.driver.pause(); });
  int fired = 0;
  r.on_loop([&] { r.loop.after(1ms, [&] { ++fired; }); });
  const Time paused = r.now();
  std::this_thread::sleep_for(3ms);
  EXPECT_EQ(paused, r.now());
  r.on_loop([&] {
    EXPECT_TRUE(r.driver.is_paused());
    EXPECT_EQ(0, fired);
    r.driver.resume();
  });
  while (r.now() < paused + 1ms) {
  }
  r.on_loop([&] { EXPECT_EQ(1, fired); });
}

TEST(ScaledDriver, AStepRunsItsTimersAndPauses) {
  Running r(1);
  std::vector<Duration> fired;
  Time from{};
  r.on_loop([&] {
    r.driver.pause();
    from = r.loop.now();
    for (const Duration d : {5s, 10s, 11s}) {
      r.loop.after(d, [&] { fired.push_back(r.loop.now() - from); });
    }
    r.driver.step(10s);
  });
  while (r.now() < from + 10s) {
  }
  r.on_loop([&] {
    EXPECT_TRUE(r.driver.is_paused());
    EXPECT_EQ((std::vector<Duration>{5s, 10s}), fired);
    EXPECT_EQ(from + 10s, r.loop.now());
    r.driver.run_until(from + 1min);  // also where the last timer lies before the goal
  });
  while (r.now() < from + 1min) {
  }
  r.on_loop([&] {
    EXPECT_EQ(from + 1min, r.loop.now());
    EXPECT_EQ(3u, fired.size());
    r.driver.run_until(from);
    EXPECT_TRUE(r.driver.is_paused());
  });
}

TEST(ScaledDriver, ANewSpeedCountsFromNowOn) {
  Running r(1);
  Time before{};
  r.on_loop([&] {
    before = r.loop.now();
    r.driver.set_speed(1e6);
  });
  while (r.now() < before + 1min) {
  }
  r.on_loop([&] { r.driver.set_speed(0.001); });
  const Time slow = r.now();
  std::this_thread::sleep_for(2ms);
  EXPECT_LT(r.now() - slow, 1s);
}

}  // namespace
}  // namespace orrery
