#include "live/live_context.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <utility>
#include <vector>

#include "core/runtime/event_loop.h"

namespace orrery {
namespace {

// Longer sleeps are made of hops, so that adding them to the steady clock cannot overflow.
constexpr Duration kHopMax = 1h;
// The system call that waits for sockets counts in milliseconds. The last stretch before a
// deadline is waited for with a timer, which is exact but costs three system calls more.
constexpr Duration kExactBelow = 2ms;
// Handlers a poll runs before the loop has its turn again.
constexpr int kBatchMax = 256;

}  // namespace

struct LiveContext::State {
  explicit State(std::size_t max) : mailbox_max(max) {}

  // Moves the mail into the loop's FIFO; false if there was none.
  bool deliver(EventLoop& loop) {
    std::vector<Callback<void()>> mail;
    {
      const std::lock_guard lock(mutex);
      mail.swap(mailbox);
    }
    for (auto& task : mail) loop.post(std::move(task));
    return !mail.empty();
  }

  const std::size_t mailbox_max;
  // An empty handler posted to it ends a sleep.
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  boost::asio::steady_timer timer{context};
  std::atomic<bool> stopped{false};

  std::mutex mutex;
  std::vector<Callback<void()>> mailbox;  // guarded by mutex
};

LiveContext::LiveContext(std::size_t mailbox_max) : state_(std::make_unique<State>(mailbox_max)) {}

LiveContext::~LiveContext() = default;

boost::asio::io_context& LiveContext::io_context() { return state_->context; }

bool LiveContext::poll(EventLoop& loop) {
  int ran = 0;
  while (ran < kBatchMax && state_->context.poll_one() > 0) ++ran;
  const bool had_mail = state_->deliver(loop);
  return had_mail || ran > 0;
}

void LiveContext::sleep(Duration at_most) {
  State& state = *state_;
  if (at_most > kExactBelow) {
    state.context.run_one_for(std::min(at_most - kExactBelow / 2, kHopMax));
    return;
  }
  state.timer.expires_after(at_most);
  state.timer.async_wait([](const boost::system::error_code&) {});
  state.context.run_one();
  state.timer.cancel();  // its handler runs as an empty one, which costs one more turn
}

Status LiveContext::post_from_any_thread(Callback<void()> task) {
  State& state = *state_;
  bool first = false;
  {
    const std::lock_guard lock(state.mutex);
    if (state.mailbox.size() >= state.mailbox_max) {
      return Status(Reason::kTooManyRequests,
                    "the event loop's mailbox is full: the loop is stuck or overloaded");
    }
    first = state.mailbox.empty();
    state.mailbox.push_back(std::move(task));
  }
  // Mail that was there already has woken the loop, or will be met before it sleeps.
  if (first) boost::asio::post(state.context, [] {});
  return {};
}

void LiveContext::stop() {
  state_->stopped = true;
  boost::asio::post(state_->context, [] {});
}

bool LiveContext::is_stopped() const { return state_->stopped; }

}  // namespace orrery
