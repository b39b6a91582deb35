// TestServer: an HttpServer on a thread of its own, answering by a test's function, for tests that
// are its clients.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "core/runtime/event_loop.h"
#include "live/http_server/http_server.h"
#include "live/live_driver.h"

namespace orrery::test {

class TestServer final : private HttpHandler {
 public:
  /// Called on the server's thread.
  using Handle = std::function<void(std::unique_ptr<HttpExchange>)>;

  explicit TestServer(Handle handle, HttpServerOptions options = {})
      : handle_(std::move(handle)), thread_([this, options] { run(options); }) {
    ready_.get_future().wait();
  }
  ~TestServer() {
    driver_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }
  EventLoop& loop() { return *loop_; }
  HttpServer& server() { return *server_; }

  /// Runs `task` on the server's thread and waits for it.
  void on_loop(std::function<void()> task) {
    std::promise<void> done;
    const Status sent = driver_.post_from_any_thread([&] {
      task();
      done.set_value();
    });
    ASSERT_TRUE(sent.ok());
    done.get_future().wait();
  }
  HttpServerStats stats() {
    HttpServerStats out;
    on_loop([&] { out = server_->stats(); });
    return out;
  }
  /// Waits until the server's figures are so; false after five seconds.
  template <class F>
  bool eventually(F&& holds) {
    for (int i = 0; i < 1000; ++i) {
      if (holds(stats())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

 private:
  void handle(std::unique_ptr<HttpExchange> exchange) override { handle_(std::move(exchange)); }
  void run(const HttpServerOptions& options) {
    loop_ = std::make_unique<EventLoop>(driver_);
    auto listening = HttpServer::listen(driver_.io_context(), *loop_, *this, options);
    EXPECT_TRUE(listening.ok()) << listening.status().message();
    if (listening.ok()) {
      server_ = std::move(*listening);
      port_ = server_->port();
      ready_.set_value();
      loop_->run();
      server_.reset();
    } else {
      ready_.set_value();
    }
    loop_.reset();
  }

  Handle handle_;
  LiveDriver driver_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
  std::promise<void> ready_;
  std::thread thread_;  // last: it uses the rest
};

/// Answers with the request's method, target and body.
inline void echo(std::unique_ptr<HttpExchange> exchange) {
  const HttpRequest& r = exchange->request();
  HttpReply reply;
  reply.headers = {{"Content-Type", "text/plain"}};
  reply.body = r.method + " " + r.path + (r.query.empty() ? "" : "?" + r.query) + "\n" + r.body;
  exchange->reply(std::move(reply));
}

}  // namespace orrery::test
