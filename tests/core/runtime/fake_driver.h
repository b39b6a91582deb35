// FakeDriver: a clock that jumps to each deadline, for tests of the event loop alone. `mail` stands
// for another thread: it is asked before each jump and may post to the loop at an earlier instant.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/base/callback.h"
#include "core/runtime/driver.h"
#include "core/runtime/event_loop.h"

namespace orrery {

class FakeDriver final : public Driver {
 public:
  using Mail = std::pair<Time, EventLoop::Task>;

  explicit FakeDriver(Time start) : now_(start) {}

  Time now() override { return now_; }

  bool wait_until(Time deadline, EventLoop& loop) override {
    waits.push_back(deadline);
    if (mail && mail->first <= deadline) {
      now_ = mail->first;
      loop.post(std::move(mail->second));
      mail.reset();
      return true;
    }
    if (deadline == kNever) return false;
    if (deadline > now_) now_ = deadline;
    return true;
  }

  std::vector<Time> waits;
  std::optional<Mail> mail;

 private:
  Time now_;
};

}  // namespace orrery
