#include "live/scaled_driver.h"

#include <algorithm>
#include <chrono>

#include "core/base/check.h"
#include "core/runtime/event_loop.h"

namespace orrery {
namespace {

// While the clock jumps, how long sockets wait at most: looking at them costs about as much as
// running a timer.
constexpr Duration kPollInterval = 1ms;
// A machine that is further behind than this, in wall time, lets virtual time slip for good
// instead of racing to catch up.
constexpr Duration kLagMax = 500ms;
constexpr Duration kSleepMax = 1h;

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(
      std::chrono::steady_clock::now().time_since_epoch());
}

// d * factor, held within what a Duration can say with room to be added to a Time.
Duration scaled(Duration d, double factor) {
  constexpr double kMost = 4e18;
  return Duration(static_cast<Duration::rep>(
      std::min(static_cast<double>(d.count()) * factor, kMost)));
}

Time sum(Time a, Duration b) { return b > kNever - a ? kNever : a + b; }

}  // namespace

ScaledDriver::ScaledDriver(Time start, double speed, std::size_t mailbox_max)
    : context_(mailbox_max),
      now_(start),
      speed_(speed),
      start_(start),
      wall_start_(steady_now()) {
  CHECK(speed > 0);
}

void ScaledDriver::restart_from_here() {
  start_ = now_;
  wall_start_ = steady_now();
}

void ScaledDriver::set_speed(double speed) {
  CHECK(speed > 0);
  speed_ = speed;
  restart_from_here();
}

void ScaledDriver::pause() {
  paused_ = true;
  goal_ = kNever;
}

void ScaledDriver::resume() {
  paused_ = false;
  goal_ = kNever;
  restart_from_here();
}

void ScaledDriver::step(Duration by) { run_until(sum(now_, std::max(by, Duration(0)))); }

void ScaledDriver::run_until(Time goal) {
  pause();
  if (goal > now_) goal_ = goal;
}

Time ScaledDriver::time_by_wall() const {
  if (speed_ == kSpeedMax) return now_;
  return std::max(now_, sum(start_, scaled(steady_now() - wall_start_, speed_)));
}

void ScaledDriver::poll(EventLoop& loop) {
  const Duration present = steady_now();
  if (jumps() && present < next_poll_) return;
  // Sockets that were busy just now are looked at again at the next chance.
  next_poll_ = context_.poll(loop) ? present : present + kPollInterval;
}

// Sets the clock to min(deadline, what the wall clock says); true once it is the deadline.
bool ScaledDriver::arrive_at(Time deadline) {
  const Time by_wall = time_by_wall();
  if (by_wall < deadline) {
    now_ = by_wall;
    return false;
  }
  now_ = std::max(now_, deadline);
  if (scaled(by_wall - now_, 1 / speed_) > kLagMax) restart_from_here();
  return true;
}

bool ScaledDriver::jump_towards(Time deadline) {
  const Time to = std::min(deadline, goal_);
  if (to == kNever) return false;
  now_ = std::max(now_, to);
  if (deadline <= now_) return true;
  if (now_ == goal_) goal_ = kNever;  // and paused_ is set
  return false;
}

Duration ScaledDriver::sleep_before(Time deadline) const {
  if (paused_ || speed_ == kSpeedMax || deadline == kNever) return kSleepMax;
  // Not below 1 ns: at high speeds the rest may round to nothing.
  return std::clamp(scaled(deadline - now_, 1 / speed_), Duration(1), kSleepMax);
}

bool ScaledDriver::wait_until(Time deadline, EventLoop& loop) {
  for (;;) {
    if (context_.is_stopped()) return false;
    poll(loop);
    const bool running = !paused_ && !jumps();
    if (!loop.idle()) {
      if (running && now_ < deadline) arrive_at(deadline);
      return true;
    }
    if (now_ >= deadline) return true;
    if (context_.is_stopped()) return false;  // its wake-up may have been a handler just run
    if (jumps()) {
      if (jump_towards(deadline)) return true;  // else the goal is reached, or no timer is left
    } else if (running && arrive_at(deadline)) {
      return true;
    }
    context_.sleep(sleep_before(deadline));
  }
}

}  // namespace orrery
