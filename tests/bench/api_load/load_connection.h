// LoadConnection: one client connection of the load generator, over the server's own Transport.
// Callbacks come from the io_context; none after close().
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "live/http_server/transport.h"

namespace orrery::bench {

struct LoadTarget {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string ca_pem;  // empty: plain HTTP
  std::string certificate_pem, key_pem;
  std::string token;
};

/// The target's client side: one TLS context and the buffers of its connections.
struct LoadWorld {
  /// BadRequest for bad certificates.
  static Result<std::unique_ptr<LoadWorld>> make(LoadTarget target);

  LoadTarget target;
  TlsContext tls;
  boost::asio::io_context io{1};
  std::string wire_scratch;
  std::string read_scratch = std::string(256 << 10, '\0');
};

/// "GET /path HTTP/1.1" with the target's host and token.
std::string format_request(const LoadTarget& target, const std::string& method,
                           const std::string& path, const std::string& body = {},
                           const std::string& content_type = "application/json");

class LoadConnection {
 public:
  struct Events {
    std::function<void()> on_open;
    std::function<void(std::string_view)> on_bytes;
    std::function<void()> on_closed;
  };

  LoadConnection(LoadWorld& world, Events events) : world_(world), events_(std::move(events)) {}
  LoadConnection(const LoadConnection&) = delete;
  LoadConnection& operator=(const LoadConnection&) = delete;

  void open();
  void send(std::string_view bytes);
  void close();

 private:
  void wait_readable();
  void on_readable();
  void fail();

  LoadWorld& world_;
  const Events events_;
  std::optional<Transport> transport_;
  bool is_open_ = false;
};

}  // namespace orrery::bench
