#include "core/runtime/event_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/core/runtime/fake_driver.h"

namespace orrery {
namespace {

constexpr Time kStart{1000s};

class EventLoopTest : public testing::Test {
 protected:
  EventLoop::Task say(std::string word) {
    return [this, word = std::move(word)] { said.push_back(word); };
  }
  using Words = std::vector<std::string>;

  FakeDriver driver{kStart};
  EventLoop loop{driver};
  Words said;
};

TEST_F(EventLoopTest, RunsPostedTasksInOrderAtOneInstant) {
  loop.post(say("a"));
  loop.post([this] { loop.post(say("c")); });
  loop.post(say("b"));
  loop.run();
  EXPECT_EQ((Words{"a", "b", "c"}), said);
  EXPECT_EQ(kStart, loop.now());
  EXPECT_EQ(4u, loop.events_run());
}

TEST_F(EventLoopTest, RunsTimersByTimeThenBySequence) {
  loop.after(2s, say("2s"));
  loop.after(1s, say("1s first"));
  loop.after(1s, say("1s second"));
  loop.after(3s, say("3s"));
  loop.run();
  EXPECT_EQ((Words{"1s first", "1s second", "2s", "3s"}), said);
  EXPECT_EQ(kStart + 3s, loop.now());
}

TEST_F(EventLoopTest, FinishesTheInstantBeforeTheNextTimer) {
  loop.after(1s, [this] {
    said.push_back("first");
    loop.post(say("posted"));
    loop.after(0s, say("timer for now"));
  });
  loop.after(1s, say("second"));
  loop.run();
  EXPECT_EQ((Words{"first", "posted", "second", "timer for now"}), said);
}

TEST_F(EventLoopTest, ATimerInThePastRunsNow) {
  loop.at(kStart - 5s, say("late"));
  loop.run();
  EXPECT_EQ((Words{"late"}), said);
  EXPECT_EQ(kStart, loop.now());
  EXPECT_TRUE(driver.waits.size() == 1 && driver.waits[0] == kNever);
}

TEST_F(EventLoopTest, TimeStandsStillWhileATaskRuns) {
  std::vector<Time> seen;
  loop.after(1s, [&] {
    seen.push_back(loop.now());
    loop.after(1s, [&] { seen.push_back(loop.now()); });
    seen.push_back(loop.now());
  });
  loop.run();
  EXPECT_EQ((std::vector<Time>{kStart + 1s, kStart + 1s, kStart + 2s}), seen);
}

TEST_F(EventLoopTest, ACancelledTimerNeverRunsAndTimeDoesNotGoThere) {
  const TimerId id = loop.after(5s, say("cancelled"));
  loop.after(1s, say("kept"));
  loop.cancel(id);
  EXPECT_EQ(1u, loop.timers_pending());
  loop.run();
  EXPECT_EQ((Words{"kept"}), said);
  EXPECT_EQ(kStart + 1s, loop.now());
}

TEST_F(EventLoopTest, CancellingFreesTheCapturesAtOnce) {
  const auto held = std::make_shared<int>(1);
  const TimerId id = loop.after(1s, [held] {});
  EXPECT_EQ(2, held.use_count());
  loop.cancel(id);
  EXPECT_EQ(1, held.use_count());
}

TEST_F(EventLoopTest, CancelIsSafeTwiceAfterFiringAndForNoTimer) {
  loop.cancel(TimerId{});
  const TimerId fired = loop.after(1s, say("fired"));
  loop.run();
  loop.cancel(fired);
  // The slot is used again: the stale id must not reach its new owner.
  const TimerId fresh = loop.after(1s, say("fresh"));
  EXPECT_EQ(fired.slot, fresh.slot);
  loop.cancel(fired);
  EXPECT_EQ(1u, loop.timers_pending());
  loop.run();
  EXPECT_EQ((Words{"fired", "fresh"}), said);
  loop.cancel(fresh);
  loop.cancel(fresh);
  EXPECT_EQ(0u, loop.timers_pending());
}

TEST_F(EventLoopTest, ATimerMayCancelItselfAndItsNeighbour) {
  TimerId self, neighbour;
  self = loop.after(1s, [&] {
    said.push_back("self");
    loop.cancel(self);
    loop.cancel(neighbour);
  });
  neighbour = loop.after(1s, say("neighbour"));
  loop.run();
  EXPECT_EQ((Words{"self"}), said);
}

TEST_F(EventLoopTest, CapturesMayUseTheLoopWhileTheyAreCancelled) {
  struct Rearms {
    EventLoop* loop;
    EventLoop::Task task;
    ~Rearms() {
      for (int i = 0; i < 100; ++i) loop->after(1s, [] {});
      loop->after(2s, std::move(task));
    }
  };
  std::unique_ptr<Rearms> guard(new Rearms{&loop, say("rearmed")});
  const TimerId id = loop.after(5s, [guard = std::move(guard)] {});
  loop.cancel(id);
  loop.run();
  EXPECT_EQ(1, std::count(said.begin(), said.end(), "rearmed"));
  EXPECT_EQ(kStart + 2s, loop.now());
}

TEST_F(EventLoopTest, RunUntilIncludesTheDeadlineAndLeavesTheClockThere) {
  loop.after(10s, say("at the deadline"));
  loop.after(11s, say("past it"));
  loop.run(kStart + 10s);
  EXPECT_EQ((Words{"at the deadline"}), said);
  EXPECT_EQ(kStart + 10s, loop.now());
  loop.run(kStart + 10500ms);
  EXPECT_EQ(kStart + 10500ms, loop.now());
  EXPECT_EQ(1u, said.size());
  loop.run();
  EXPECT_EQ((Words{"at the deadline", "past it"}), said);
}

TEST_F(EventLoopTest, RunUntilThePastNeverTurnsTheClockBack) {
  loop.after(1s, say("later"));
  loop.run(kStart - 1s);
  EXPECT_EQ(kStart, loop.now());
  EXPECT_TRUE(said.empty());
}

TEST_F(EventLoopTest, StopEndsTheRunAndTheRestWaits) {
  loop.post(say("a"));
  loop.post([this] { loop.stop(); });
  loop.post(say("b"));
  loop.run();
  EXPECT_EQ((Words{"a"}), said);
  loop.run();
  EXPECT_EQ((Words{"a", "b"}), said);
}

TEST_F(EventLoopTest, RunOneRunsOneTask) {
  loop.post(say("a"));
  loop.after(1s, say("b"));
  EXPECT_TRUE(loop.run_one());
  EXPECT_EQ((Words{"a"}), said);
  EXPECT_TRUE(loop.idle());
  EXPECT_TRUE(loop.run_one());
  EXPECT_FALSE(loop.run_one());
  EXPECT_EQ((Words{"a", "b"}), said);
}

TEST_F(EventLoopTest, MailFromOutsideRunsBeforeTheTimerItInterrupts) {
  driver.mail.emplace(kStart + 1s, [this] {
    said.push_back("mail");
    EXPECT_EQ(kStart + 1s, loop.now());
  });
  loop.after(5s, say("timer"));
  loop.run();
  EXPECT_EQ((Words{"mail", "timer"}), said);
  EXPECT_EQ(kStart + 5s, loop.now());
}

TEST_F(EventLoopTest, MailWakesALoopWithoutTimers) {
  driver.mail.emplace(kStart + 7s, say("mail"));
  loop.run();
  EXPECT_EQ((Words{"mail"}), said);
  EXPECT_EQ(kStart + 7s, loop.now());
}

TEST_F(EventLoopTest, NextDeadlineSkipsCancelledTimers) {
  EXPECT_EQ(kNever, loop.next_deadline());
  const TimerId first = loop.after(1s, say("a"));
  loop.after(2s, say("b"));
  EXPECT_EQ(kStart + 1s, loop.next_deadline());
  loop.cancel(first);
  EXPECT_EQ(kStart + 2s, loop.next_deadline());
}

}  // namespace
}  // namespace orrery
