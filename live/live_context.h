// LiveContext: the outside world of one event loop: the io_context on which sockets live, and the
// mailbox for other threads. LiveDriver and ScaledDriver wait with it. Socket handlers run in
// poll() and sleep(), on the loop's thread, while no task runs; they reach core by EventLoop::post.
//
//     any thread: post_from_any_thread(task) --> [ mailbox ] --poll()--> loop's FIFO --> task
//     sockets:    io_context handler          -- EventLoop::post -----------^
#pragma once

#include <cstddef>
#include <memory>

#include "core/base/callback.h"
#include "core/base/status.h"
#include "core/base/time.h"

namespace boost::asio {
class io_context;
}

namespace orrery {

class EventLoop;

class LiveContext {
 public:
  /// Mail waits in memory until the loop is idle; past `mailbox_max` posts are refused.
  explicit LiveContext(std::size_t mailbox_max);
  ~LiveContext();
  LiveContext(const LiveContext&) = delete;
  LiveContext& operator=(const LiveContext&) = delete;

  /// For sockets and signal sets. Nobody else may run or stop it.
  boost::asio::io_context& io_context();

  /// Runs a batch of socket handlers that are ready and hands over the mail; never sleeps. True if
  /// any handler ran or mail came: there may be more.
  bool poll(EventLoop& loop);
  /// Sleeps until a handler has run, mail came, or this much time has passed.
  void sleep(Duration at_most);

  Status post_from_any_thread(Callback<void()> task);
  void stop();
  bool is_stopped() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orrery
