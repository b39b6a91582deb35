// Driver: how an event loop waits. Simulated and real time differ only here: the simulator's driver
// jumps to the deadline, the live one sleeps until then or until another thread has mail for the
// loop.
#pragma once

#include "core/base/time.h"

namespace orrery {

class EventLoop;

class Driver {
 public:
  virtual ~Driver() = default;
  virtual Time now() = 0;
  /// Returns once now() >= deadline, or earlier when something was posted to `loop` from outside.
  /// kNever means that the loop has no timer. False: nothing will ever come; the loop stops.
  virtual bool wait_until(Time deadline, EventLoop& loop) = 0;
};

}  // namespace orrery
