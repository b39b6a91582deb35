#include "live/live_driver.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "core/runtime/event_loop.h"

namespace orrery {
namespace {

using Steady = std::chrono::steady_clock;

// Deadlines further off are reached in hops, so that adding them to the steady clock cannot
// overflow.
constexpr Duration kHopMax = 1h;

Time wall_time() {
  return Time{
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

}  // namespace

struct LiveDriver::State {
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
  const Steady::time_point steady_start = Steady::now();
  const Time wall_start = wall_time();

  // The context only sleeps and wakes: an empty handler posted to it ends the sleep.
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  boost::asio::steady_timer timer{context};
  std::atomic<bool> stopped{false};

  std::mutex mutex;
  std::vector<Callback<void()>> mailbox;  // guarded by mutex
};

LiveDriver::LiveDriver(std::size_t mailbox_max) : state_(std::make_unique<State>(mailbox_max)) {}

LiveDriver::~LiveDriver() = default;

Time LiveDriver::now() {
  return state_->wall_start +
         std::chrono::duration_cast<Duration>(Steady::now() - state_->steady_start);
}

bool LiveDriver::wait_until(Time deadline, EventLoop& loop) {
  State& state = *state_;
  for (;;) {
    if (state.stopped) return false;
    if (state.deliver(loop)) return true;
    const Time present = now();
    if (present >= deadline) return true;
    const Time hop = deadline - present > kHopMax ? present + kHopMax : deadline;
    state.timer.expires_at(state.steady_start + (hop - state.wall_start));
    state.timer.async_wait([](const boost::system::error_code&) {});
    state.context.run_one();
    state.timer.cancel();  // its handler runs as a wake-up without mail, which costs one more turn
  }
}

Status LiveDriver::post_from_any_thread(Callback<void()> task) {
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

void LiveDriver::stop() {
  state_->stopped = true;
  boost::asio::post(state_->context, [] {});
}

}  // namespace orrery
