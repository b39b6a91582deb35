// WallDelays: timers of the wire by the wall clock, for simulated worlds whose own clock runs at
// another speed: a client's timeouts are in its own seconds. Made by cli/ on the driver's
// io_context; tasks run on the event loop. Dies before the driver.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "core/apiserver/wire/delays.h"

namespace orrery {

class WallDelays final : public apiserver::Delays {
 public:
  WallDelays(boost::asio::io_context& io, EventLoop& loop);
  ~WallDelays() override;

  apiserver::DelayId after(Duration delay, Callback<void()> task) override;
  void cancel(const apiserver::DelayId& id) override;

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace orrery
