// SimDriver: virtual time. It never sleeps: waiting for a deadline moves the clock there.
#pragma once

#include "core/runtime/driver.h"

namespace orrery::sim {

class SimDriver final : public Driver {
 public:
  explicit SimDriver(Time start) : now_(start) {}
  Time now() override { return now_; }
  bool wait_until(Time deadline, EventLoop&) override {
    if (deadline == kNever) return false;  // nothing will ever happen
    if (deadline > now_) now_ = deadline;
    return true;
  }

 private:
  Time now_;
};

}  // namespace orrery::sim
