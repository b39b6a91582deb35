// Delays: timers of the wire: watch timeouts, bookmarks, request deadlines. They follow the clock
// that clients live by: the event loop's own, or, where a simulated world with a clock of another
// speed is served, the wall clock.
#pragma once

#include <cstdint>

#include "core/base/callback.h"
#include "core/base/time.h"
#include "core/runtime/event_loop.h"

namespace orrery::apiserver {

struct DelayId {
  std::uint64_t number = 0;
  TimerId timer;
};

class Delays {
 public:
  virtual ~Delays() = default;
  virtual DelayId after(Duration delay, Callback<void()> task) = 0;
  /// Harmless after it ran.
  virtual void cancel(const DelayId& id) = 0;
};

/// By the loop's clock.
class LoopDelays final : public Delays {
 public:
  explicit LoopDelays(EventLoop& loop) : loop_(loop) {}
  DelayId after(Duration delay, Callback<void()> task) override {
    return {0, loop_.after(delay, std::move(task))};
  }
  void cancel(const DelayId& id) override { loop_.cancel(id.timer); }

 private:
  EventLoop& loop_;
};

}  // namespace orrery::apiserver
