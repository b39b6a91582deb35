// LiveDriver: the wall clock behind an event loop. The loop's thread sleeps in wait_until() until
// the deadline, until a socket is ready, or until another thread has mail for the loop.
//
//     any thread: post_from_any_thread(task) --> [ mailbox ] --wait_until()--> loop's FIFO --> task
//
// Rule: what a task captures belongs to the loop's thread from then on; copy or encode it first.
#pragma once

#include <cstddef>
#include <memory>

#include "core/base/callback.h"
#include "core/base/status.h"
#include "core/base/time.h"
#include "core/runtime/driver.h"
#include "live/live_context.h"

namespace orrery {

class LiveDriver final : public Driver {
 public:
  /// Mail waits in memory until the loop is idle; past `mailbox_max` posts are refused.
  explicit LiveDriver(std::size_t mailbox_max = 1 << 20);
  ~LiveDriver() override;
  LiveDriver(const LiveDriver&) = delete;
  LiveDriver& operator=(const LiveDriver&) = delete;

  /// The wall time at construction plus what has passed since: it never jumps or turns back,
  /// whatever is done to the machine's clock.
  Time now() override;
  bool wait_until(Time deadline, EventLoop& loop) override;

  /// Where sockets live: their handlers run inside wait_until(), never while a task runs.
  boost::asio::io_context& io_context() { return context_.io_context(); }
  /// Runs `task` on the loop's thread, after mail sent earlier; wakes the loop if it sleeps. Safe
  /// from any thread at any time. TooManyRequests when the mailbox is full: the task was not taken.
  Status post_from_any_thread(Callback<void()> task) {
    return context_.post_from_any_thread(std::move(task));
  }
  /// The loop ends once it has run what is ready: each wait_until() from now on returns false. Safe
  /// from any thread, and from the loop's own; for signal handlers use a signal set that calls it.
  void stop() { context_.stop(); }

 private:
  struct Start;
  std::unique_ptr<const Start> start_;
  LiveContext context_;
};

}  // namespace orrery
