// WireClient: a blocking client that sends bytes as they are and takes answers apart. For tests
// of HttpServer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "live/http_server/tls_context.h"

namespace orrery::test {

struct WireAnswer {
  int status = 0;
  std::string head;                            // with its lines
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;                            // put together, if it came in chunks
};

class WireClient {
 public:
  /// `tls` null: plain. Reads give up after five seconds.
  explicit WireClient(std::uint16_t port, ssl_ctx_st* tls = nullptr, ssl_st* resume = nullptr);
  ~WireClient();
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;

  bool is_connected() const { return connected_; }
  ssl_st* session() { return session_.get(); }

  /// False once the server is gone.
  bool send(std::string_view bytes);
  /// The next answer; none if the connection ends before. `without_body`: of a HEAD.
  std::optional<WireAnswer> answer(bool without_body = false);
  /// One line, or one chunk's bytes; "" at the end.
  std::string line();
  std::string chunk();
  /// Exactly so many bytes, fewer at the end.
  std::string bytes(std::size_t size);
  /// All that comes until the server closes.
  std::string rest();
  /// Whether the server has closed, without a byte more.
  bool is_at_end() { return rest().empty() && ended_; }
  /// Sends no more, and goes on reading.
  void finish();

  std::optional<WireAnswer> get(std::string_view target, std::string_view headers = {}) {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: t\r\n" + std::string(headers) +
         "\r\n");
    return answer();
  }

 private:
  bool fill();

  int socket_ = -1;
  TlsSession session_;
  bool connected_ = false;
  bool ended_ = false;
  std::string input_;
};

}  // namespace orrery::test
