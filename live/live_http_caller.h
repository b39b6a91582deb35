// LiveHttpCaller: HttpCaller over sockets. post() works on a thread of its own and answers on the
// loop's; post_and_wait() works on the caller's thread. Make it after the driver, destroy it
// before; calls that are still out then are never answered.
#pragma once

#include <memory>

#include "core/ports/http_caller.h"
#include "live/live_driver.h"

namespace orrery {

class LiveHttpCaller final : public HttpCaller {
 public:
  explicit LiveHttpCaller(LiveDriver& driver);
  ~LiveHttpCaller() override;
  LiveHttpCaller(const LiveHttpCaller&) = delete;
  LiveHttpCaller& operator=(const LiveHttpCaller&) = delete;

  void post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) override;
  Result<HttpAnswer> post_and_wait(const HttpPost& post) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace orrery
