#include "live/live_http_caller.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <thread>

#include "live/http_call.h"

namespace orrery {

struct LiveHttpCaller::State {
  explicit State(LiveDriver& d) : driver(d), work(io.get_executor()) {}

  LiveDriver& driver;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::thread thread;  // started by the first post()
  // The loop's thread only: callbacks may hold what other threads must not touch.
  std::map<std::uint64_t, Callback<void(Result<HttpAnswer>)>> waiting;
  std::uint64_t next = 0;
};

LiveHttpCaller::LiveHttpCaller(LiveDriver& driver) : state_(std::make_shared<State>(driver)) {}

LiveHttpCaller::~LiveHttpCaller() {
  state_->io.stop();
  if (state_->thread.joinable()) state_->thread.join();
  state_->waiting.clear();
}

void LiveHttpCaller::post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) {
  State& state = *state_;
  const std::uint64_t number = state.next++;
  state.waiting.emplace(number, std::move(done));
  if (!state.thread.joinable()) {
    state.thread = std::thread([&io = state.io] { io.run(); });
  }
  const std::weak_ptr<State> weak = state_;
  start_http_call(state.io, std::move(post), [weak, &driver = state.driver,
                                              number](Result<HttpAnswer> answer) {
    const Status sent =
        driver.post_from_any_thread([weak, number, answer = std::move(answer)]() mutable {
          const auto alive = weak.lock();
          if (!alive) return;
          const auto it = alive->waiting.find(number);
          if (it == alive->waiting.end()) return;
          auto callback = std::move(it->second);
          alive->waiting.erase(it);
          callback(std::move(answer));
        });
    static_cast<void>(sent);  // a full mailbox: the loop is lost anyway, and bindings time out
  });
}

Result<HttpAnswer> LiveHttpCaller::post_and_wait(const HttpPost& post) {
  boost::asio::io_context io{1};
  std::optional<Result<HttpAnswer>> outcome;
  start_http_call(io, post, [&](Result<HttpAnswer> answer) { outcome = std::move(answer); });
  io.run();
  if (!outcome) return internal_error("Post \"" + post.url + "\": the call was lost");
  return std::move(*outcome);
}

}  // namespace orrery
