#include "live/wall_delays.h"

#include <gtest/gtest.h>

#include "live/scaled_driver.h"

namespace orrery {
namespace {

TEST(WallDelays, RunWhileTheVirtualClockStands) {
  ScaledDriver driver(Time{1h});
  EventLoop loop(driver);
  driver.pause();
  WallDelays delays(driver.io_context(), loop);
  std::vector<int> ran;
  delays.after(2ms, [&] {
    ran.push_back(2);
    driver.stop();
  });
  delays.after(1ms, [&] { ran.push_back(1); });
  loop.run();
  EXPECT_EQ(ran, (std::vector<int>{1, 2}));
  EXPECT_EQ(loop.now(), Time{1h});
}

TEST(WallDelays, OneThatIsCancelledNeverRuns) {
  ScaledDriver driver(Time{1h});
  EventLoop loop(driver);
  driver.pause();
  WallDelays delays(driver.io_context(), loop);
  bool ran = false;
  const apiserver::DelayId id = delays.after(1ms, [&] { ran = true; });
  delays.cancel(id);
  delays.cancel(id);
  delays.after(5ms, [&] { driver.stop(); });
  loop.run();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace orrery
