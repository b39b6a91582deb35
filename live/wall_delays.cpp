#include "live/wall_delays.h"

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <utility>

namespace orrery {

struct WallDelays::State {
  struct Delay {
    boost::asio::steady_timer timer;
    Callback<void()> task;
  };
  State(boost::asio::io_context& i, EventLoop& l) : io(i), loop(l) {}

  boost::asio::io_context& io;
  EventLoop& loop;
  std::map<std::uint64_t, Delay> delays;
  std::uint64_t last = 0;

  void run(std::uint64_t number) {
    const auto found = delays.find(number);
    if (found == delays.end()) return;
    Callback<void()> task = std::move(found->second.task);
    delays.erase(found);
    task();
  }
};

WallDelays::WallDelays(boost::asio::io_context& io, EventLoop& loop)
    : state_(std::make_shared<State>(io, loop)) {}

WallDelays::~WallDelays() { state_->delays.clear(); }

apiserver::DelayId WallDelays::after(Duration delay, Callback<void()> task) {
  const std::uint64_t number = ++state_->last;
  const auto [it, is_new] = state_->delays.emplace(
      number, State::Delay{boost::asio::steady_timer(state_->io, delay), std::move(task)});
  it->second.timer.async_wait(
      [weak = std::weak_ptr<State>(state_), number](const boost::system::error_code& error) {
        const std::shared_ptr<State> state = weak.lock();
        if (error || !state) return;
        // Cancelled between here and there: run() finds nothing.
        state->loop.post([weak, number] {
          if (const std::shared_ptr<State> alive = weak.lock()) alive->run(number);
        });
      });
  return {number, {}};
}

void WallDelays::cancel(const apiserver::DelayId& id) { state_->delays.erase(id.number); }

}  // namespace orrery
