#include "live/live_driver.h"

#include <chrono>

#include "core/runtime/event_loop.h"

namespace orrery {
namespace {

using Steady = std::chrono::steady_clock;

Time wall_time() {
  return Time{
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

}  // namespace

struct LiveDriver::Start {
  const Steady::time_point steady = Steady::now();
  const Time wall = wall_time();
};

LiveDriver::LiveDriver(std::size_t mailbox_max)
    : start_(std::make_unique<Start>()), context_(mailbox_max) {}

LiveDriver::~LiveDriver() = default;

Time LiveDriver::now() {
  return start_->wall + std::chrono::duration_cast<Duration>(Steady::now() - start_->steady);
}

bool LiveDriver::wait_until(Time deadline, EventLoop& loop) {
  for (;;) {
    if (context_.is_stopped()) return false;
    context_.poll(loop);
    if (!loop.idle()) return true;
    if (context_.is_stopped()) return false;  // its wake-up may have been a handler just run
    const Time present = now();
    if (present >= deadline) return true;
    context_.sleep(deadline - present);
    if (!loop.idle()) return true;
  }
}

}  // namespace orrery
