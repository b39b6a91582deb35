// HttpServerOptions: where the server listens, its certificates, and the limit of everything a
// client can make it hold. Set by cli/ and tests; the defaults are for an API server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/time.h"

namespace orrery {

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // an IPv4 or IPv6 address
  std::uint16_t port = 0;          // 0: any free port

  std::string certificate_pem;  // the server's, then its chain; empty: plain HTTP
  std::string key_pem;
  std::string client_ca_pem;  // empty: clients are not asked for certificates

  std::size_t connections_max = 20'000;             // beyond: they wait in the kernel's queue
  std::size_t header_bytes_max = 1 << 20;           // as Go's server; beyond: 431
  std::size_t body_bytes_max = 3 << 20;             // as kube-apiserver; beyond: 413
  std::size_t stream_backlog_max = 32 << 20;        // unread bytes of one watch; beyond: cut
  std::size_t total_backlog_max = 512 << 20;        // of all; then whoever adds to a big one is cut
  std::size_t websocket_message_max = 1 << 20;      // beyond: closed with code 1009
  std::size_t gzip_above = 128 << 10;               // kube-apiserver's threshold

  Duration handshake_timeout = 10s;   // TLS
  Duration header_timeout = 15s;      // from a header's first byte to its last
  Duration body_timeout = 30s;        // between two pieces of a body
  Duration idle_timeout = 3min;       // between two requests of a connection
  Duration stall_timeout = 1min;      // no byte of an answer was taken
  Duration linger_timeout = 5s;       // for the client to close after us
};

}  // namespace orrery
