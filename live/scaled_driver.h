// ScaledDriver: virtual time for a simulated world that serves real clients. It runs at `speed`
// times the wall clock, jumps from timer to timer (kSpeedMax), or stands still (paused). Sockets
// and mail are served at any speed. Called by the loop's own thread, except what says otherwise.
//
//     paused --resume()--> running at speed --pause()--> paused
//     any --step(d), run_until(t)--> jumping to the goal --there--> paused
//
// Timers run exactly at their instants: where the machine is too slow, virtual time slips.
#pragma once

#include <cstddef>
#include <limits>

#include "core/runtime/driver.h"
#include "live/live_context.h"

namespace orrery {

class ScaledDriver final : public Driver {
 public:
  static constexpr double kSpeedMax = std::numeric_limits<double>::infinity();

  /// `speed` > 0, or kSpeedMax.
  explicit ScaledDriver(Time start, double speed = 1, std::size_t mailbox_max = 1 << 20);

  /// Stands still except in wait_until().
  Time now() override { return now_; }
  bool wait_until(Time deadline, EventLoop& loop) override;

  double speed() const { return speed_; }
  /// `speed` > 0, or kSpeedMax. A paused clock stays paused and has it when it resumes.
  void set_speed(double speed);
  bool is_paused() const { return paused_ && goal_ == kNever; }
  void pause();
  void resume();
  /// Runs all timers before or at now() + `by` as fast as it can, then pauses.
  void step(Duration by);
  /// The same up to `goal`, which may have passed: then it only pauses.
  void run_until(Time goal);

  /// Where sockets live: their handlers run inside wait_until(), never while a task runs.
  boost::asio::io_context& io_context() { return context_.io_context(); }
  /// As of LiveDriver. Both are safe from any thread.
  Status post_from_any_thread(Callback<void()> task) {
    return context_.post_from_any_thread(std::move(task));
  }
  void stop() { context_.stop(); }

 private:
  bool jumps() const { return goal_ != kNever || (!paused_ && speed_ == kSpeedMax); }
  void restart_from_here();
  void poll(EventLoop& loop);
  Time time_by_wall() const;
  bool arrive_at(Time deadline);
  bool jump_towards(Time deadline);
  Duration sleep_before(Time deadline) const;

  LiveContext context_;
  Time now_;
  double speed_;
  bool paused_ = false;
  Time goal_ = kNever;
  // At `wall_start_`, nanoseconds of the steady clock, the virtual clock stood at `start_`.
  Time start_;
  Duration wall_start_;
  Duration next_poll_{};  // on the steady clock
};

}  // namespace orrery
