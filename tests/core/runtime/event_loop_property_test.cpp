#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/runtime/event_loop.h"
#include "tests/core/runtime/fake_driver.h"

namespace orrery {
namespace {

constexpr Time kStart{1000s};

// What a run did: for each timer that fired, its deadline and its place in the order of arming.
using Firings = std::vector<std::pair<Time, int>>;

// Short delays, so that many timers meet at one instant.
rc::Gen<std::vector<int>> delays() {
  return rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20));
}

RC_GTEST_PROP(EventLoopProperty, TimersRunByTimeAndSequenceAndCancelledOnesDoNot, ()) {
  const auto delay_seconds = *delays();
  const auto cancelled =
      *rc::gen::container<std::vector<bool>>(delay_seconds.size(), rc::gen::arbitrary<bool>());

  FakeDriver driver(kStart);
  EventLoop loop(driver);
  Firings fired, want;
  std::vector<TimerId> ids;
  for (std::size_t i = 0; i < delay_seconds.size(); ++i) {
    const Time when = kStart + std::chrono::seconds(delay_seconds[i]);
    const int sequence = static_cast<int>(i);
    ids.push_back(loop.at(when, [&, sequence] { fired.emplace_back(loop.now(), sequence); }));
    if (!cancelled[i]) want.emplace_back(when, sequence);
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (cancelled[i]) loop.cancel(ids[i]);
  }
  std::sort(want.begin(), want.end());

  RC_ASSERT(loop.timers_pending() == want.size());
  loop.run();
  RC_ASSERT(fired == want);
  RC_ASSERT(loop.events_run() == want.size());
  RC_ASSERT(loop.timers_pending() == 0u);
}

// One step of a program that arms and cancels timers from within timers.
struct Step {
  int delay_seconds;
  int cancels;  // index of an earlier timer, or beyond: none
};

// The plain model: a list that is searched for its least (time, sequence) each time.
Firings model_run(const std::vector<Step>& steps, std::size_t roots) {
  struct Timer {
    Time when;
    int sequence;
    bool live;
  };
  std::vector<Timer> timers;
  std::size_t next_step = 0;
  Firings fired;
  const auto arm = [&](Time now) {
    if (next_step == steps.size()) return;
    const Step& step = steps[next_step++];
    timers.push_back(
        {now + std::chrono::seconds(step.delay_seconds), static_cast<int>(timers.size()), true});
    const auto target = static_cast<std::size_t>(step.cancels);
    if (target < timers.size()) timers[target].live = false;
  };
  for (std::size_t i = 0; i < roots; ++i) arm(kStart);
  for (;;) {
    Timer* first = nullptr;
    for (Timer& t : timers) {
      if (t.live &&
          (!first || std::pair(t.when, t.sequence) < std::pair(first->when, first->sequence)))
        first = &t;
    }
    if (!first) return fired;
    first->live = false;
    const Time now = first->when;
    fired.emplace_back(now, first->sequence);
    arm(now);
    arm(now);
  }
}

class LoopRun {
 public:
  LoopRun(const std::vector<Step>& steps, std::size_t roots) : steps_(steps) {
    for (std::size_t i = 0; i < roots; ++i) arm();
    loop_.run();
  }
  Firings fired;

 private:
  void arm() {
    if (next_step_ == steps_.size()) return;
    const Step& step = steps_[next_step_++];
    const int sequence = static_cast<int>(ids_.size());
    ids_.push_back(loop_.after(std::chrono::seconds(step.delay_seconds), [this, sequence] {
      fired.emplace_back(loop_.now(), sequence);
      arm();
      arm();
    }));
    const auto target = static_cast<std::size_t>(step.cancels);
    if (target < ids_.size()) loop_.cancel(ids_[target]);
  }

  const std::vector<Step>& steps_;
  std::size_t next_step_ = 0;
  std::vector<TimerId> ids_;
  FakeDriver driver_{kStart};
  EventLoop loop_{driver_};
};

RC_GTEST_PROP(EventLoopProperty, TimersArmedAndCancelledByTimersRunAsInThePlainModel, ()) {
  const auto drawn = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 8), rc::gen::inRange(0, 200)));
  const auto roots = *rc::gen::inRange<std::size_t>(1, 10);
  std::vector<Step> steps;
  for (const auto& [delay, cancels] : drawn) steps.push_back({delay, cancels});

  RC_ASSERT(LoopRun(steps, roots).fired == model_run(steps, roots));
}

}  // namespace
}  // namespace orrery
