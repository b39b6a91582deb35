// HttpServer: HTTP/1.1 and WebSocket over TCP or TLS for an HttpHandler of core. Made by cli/ and
// tests, on a driver that has an io_context (LiveDriver, ScaledDriver). Rule: it lives on the
// loop's thread and dies before the driver does; exchanges and streams may outlive it.
//
//     sockets --driver.wait_until()--> Connection --EventLoop::post--> HttpHandler::handle
//     core: exchange->reply(...) --> Connection --> socket, at once or when the loop comes to rest
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/ports/http_exchange.h"
#include "core/runtime/event_loop.h"
#include "live/http_server/http_server_options.h"
#include "live/http_server/server_state.h"

namespace orrery {

class HttpServer {
 public:
  /// Listens at once; requests come once the loop runs. BadRequest for bad certificates or
  /// addresses; ServiceUnavailable where the address cannot be had:
  /// `listen tcp 127.0.0.1:6443: bind: address already in use`.
  static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context& io, EventLoop& loop,
                                                    HttpHandler& handler,
                                                    HttpServerOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return state_->port(); }
  /// "https://127.0.0.1:40001"
  std::string url() const;
  const HttpServerStats& stats() const { return state_->stats; }

  /// No new connections; answers under way have `grace` to end, then are cut. Calls `then` once no
  /// connection is left.
  void stop(Duration grace, Callback<void()> then);

 private:
  explicit HttpServer(Ref<ServerState> state) : state_(std::move(state)) {}
  const Ref<ServerState> state_;
};

}  // namespace orrery
