// ServerState: what the connections of one HttpServer share: its options, buffers, clock and list
// of who has something to send. Kept alive by its connections' handlers; after shut_down() it only
// waits to be dropped.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ref.h"
#include "core/runtime/event_loop.h"
#include "live/http_server/http_server_options.h"
#include "live/http_server/reply_head.h"
#include "live/http_server/tls_context.h"
#include "live/http_server/transport.h"

namespace orrery {

class Connection;
using SteadyTime = std::chrono::steady_clock::time_point;

struct HttpServerStats {
  std::size_t connections = 0;         // open now
  std::uint64_t accepted = 0;          // ever
  std::uint64_t requests = 0;
  std::uint64_t cut_for_backlog = 0;   // streams whose clients did not read
  std::uint64_t timed_out = 0;
  std::size_t backlog = 0;             // bytes that wait for clients to read
};

class ServerState final : public RefCounted {
 public:
  ServerState(boost::asio::io_context& io, EventLoop& event_loop, HttpHandler& request_handler,
              HttpServerOptions server_options, TlsContext tls_context);
  ~ServerState() override;

  Status listen();
  std::uint16_t port() const { return port_; }
  /// No new connections; idle ones close, the others after their answer. `then` once all are gone.
  void stop(Duration grace, Callback<void()> then);
  /// Cuts everything; nothing reaches core any more.
  void shut_down();

  // For connections.
  bool is_stopping() const { return stopping_; }
  /// Null after shut_down().
  HttpHandler* handler() const { return handler_; }
  /// By the wall clock, whatever the loop's is: clients judge by it what they have cached.
  std::string_view date() {
    return date_.at(Time(std::chrono::duration_cast<Duration>(
        std::chrono::system_clock::now().time_since_epoch())));
  }
  /// Calls the connection's flush() when the loop has nothing else to do for this instant.
  void flush_later(Connection& connection);
  void remove(Connection& connection);

  boost::asio::io_context& io;
  EventLoop& loop;
  const HttpServerOptions options;
  HttpServerStats stats;
  std::string wire_scratch;  // of the transports
  std::string read_scratch;  // what was read last; good until the next read

 private:
  void accept();
  void on_accepted(boost::system::error_code error, TcpSocket socket);
  void flush_all();
  void start_ticking();
  void tick();
  void end_if_stopped();

  const TlsContext tls_;
  HttpHandler* handler_;
  std::uint16_t port_ = 0;
  DateHeader date_;
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                      boost::asio::io_context::executor_type>;
  std::optional<Acceptor> acceptor_;
  std::optional<boost::asio::steady_timer> timer_;
  bool accepting_ = false, ticking_ = false, stopping_ = false;
  SteadyTime cut_at_ = SteadyTime::max();
  Callback<void()> when_stopped_;
  std::vector<Ref<Connection>> connections_;  // each knows its place
  std::vector<Ref<Connection>> to_flush_, flushing_;
};

}  // namespace orrery
