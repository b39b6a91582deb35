// Transport: a non-blocking socket, plain or under TLS, as calls that never wait. Used by the
// server's connections and by the load generator's clients, on one thread; the owner waits for
// readiness. OpenSSL works on memory here: bytes are sent in one system call for several records.
//
//     write(plain) ... -> [ shared scratch ] --flush()--> socket; what it does not take: [ rest_ ]
//
// Rule: flush() comes after write(), before any other transport is touched: they share the scratch.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "live/http_server/tls_context.h"

namespace orrery {

using TcpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// What a step of a transport came to.
enum class Step { kDone, kAgain, kClosed, kFailed };

class Transport {
 public:
  struct Read {
    Step step;
    std::size_t size = 0;  // kDone: > 0
  };

  /// `tls` null: plain. The scratch is shared by the transports of one thread.
  Transport(TcpSocket socket, ssl_ctx_st* tls, bool is_server, std::string& scratch);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  bool is_open() const { return socket_.has_value(); }
  bool has_tls() const { return session_ != nullptr; }
  TcpSocket& socket() { return *socket_; }
  ssl_st* session() { return session_.get(); }

  /// kAgain: when the socket is readable (or writable, if pending()).
  Step handshake();
  /// kClosed: the peer sends no more.
  Read read(char* room, std::size_t size);
  /// TLS holds bytes that no readiness of the socket will announce.
  bool holds_bytes() const;

  /// False: the session is broken.
  bool write(std::string_view plain);
  Step flush();
  /// Bytes that the socket has not taken yet.
  std::size_t pending() const { return rest_.size() - rest_sent_; }

  /// Tells the peer that no more comes.
  void finish_writing();
  /// Reads and drops what still comes, up to `size` bytes.
  Read discard(char* room, std::size_t size) { return receive(room, size); }
  void close();

 private:
  friend struct TransportBio;
  Read receive(char* room, std::size_t size);
  Step send(std::string_view bytes, std::size_t& sent);
  Step settle();

  std::optional<TcpSocket> socket_;
  TlsSession session_;
  std::string& scratch_;
  std::string rest_;
  std::size_t rest_sent_ = 0;
};

}  // namespace orrery
