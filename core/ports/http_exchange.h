// HttpHandler, HttpExchange and the streams behind them: how requests of the wire reach core, and
// how core answers. live/ implements exchanges with sockets and TLS; tests and simulations make
// them by hand. Rules: all calls, both ways, happen on the event loop's thread; a sink is never
// called from within a call that core makes; destroying a stream closes it and silences its sink.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/callback.h"
#include "core/base/ref.h"

namespace orrery {

/// Bytes that several receivers share: one encoding for all watchers of an object.
struct Blob final : RefCounted {
  explicit Blob(std::string b) : bytes(std::move(b)) {}
  const std::string bytes;
};
using BlobRef = Ref<const Blob>;

struct HttpHeader {
  std::string name;  // lower case in requests; as it is to be sent in replies
  std::string value;
};

/// The subject of a client certificate that the transport has verified.
struct CertificateIdentity {
  std::string common_name;
  std::vector<std::string> organizations;
};

struct HttpRequest {
  std::string method;  // "GET"
  std::string path;    // as sent, still percent-encoded: "/api/v1/pods"
  std::string query;   // after '?', still encoded
  std::vector<HttpHeader> headers;
  std::string body;
  std::optional<CertificateIdentity> certificate;
  std::string remote_address;  // "127.0.0.1:4711"

  /// The first header of this (lower-case) name, or "".
  std::string_view header(std::string_view name) const {
    for (const HttpHeader& h : headers) {
      if (h.name == name) return h.value;
    }
    return {};
  }
};

/// Status line, headers and a whole body. The transport adds Date, Content-Length, Connection, and
/// gzips large bodies where the client accepts it.
struct HttpReply {
  int status = 200;
  std::vector<HttpHeader> headers;
  std::string body;
  BlobRef shared;  // the body instead of `body`, where not null
};

/// A reply whose body comes piece by piece (chunked): watches, followed logs.
class ReplyStream {
 public:
  virtual ~ReplyStream() = default;  // without finish(): the connection is cut
  virtual void write(BlobRef bytes) = 0;
  virtual void finish() = 0;
  /// Bytes written here and not yet taken by the network.
  virtual std::size_t backlog() const = 0;
  /// Calls back once, when the backlog has drained (soon, if it is empty now).
  virtual void when_drained(Callback<void()> then) = 0;
  /// Calls back once, when the client has gone.
  virtual void when_closed(Callback<void()> then) = 0;
};

/// Who receives the bytes of a ByteStream.
class ByteSink {
 public:
  virtual void on_bytes(std::string_view bytes) = 0;
  virtual void on_closed() = 0;  // no call comes after it

 protected:
  ~ByteSink() = default;
};

/// A connection that has left HTTP behind (101 Switching Protocols).
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual void write(std::string bytes) = 0;
  /// Closes once what was written is sent.
  virtual void finish() = 0;
  virtual std::size_t backlog() const = 0;
};

class WebSocketSink {
 public:
  virtual void on_message(std::string_view bytes, bool is_text) = 0;
  virtual void on_closed() = 0;  // no call comes after it

 protected:
  ~WebSocketSink() = default;
};

class WebSocket {
 public:
  virtual ~WebSocket() = default;
  virtual void send(std::string bytes, bool is_text) = 0;
  /// Sends a close frame once what was sent before is out. `code` as in RFC 6455: 1000 = normal.
  virtual void close(int code, std::string reason) = 0;
  virtual std::size_t backlog() const = 0;
};

/// One request and the way to answer it: exactly one of the four answers below is called, once.
/// Destroyed unanswered, the client is sent 500.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  virtual const HttpRequest& request() const = 0;

  virtual void reply(HttpReply reply) = 0;
  /// `head.body` is ignored.
  virtual std::unique_ptr<ReplyStream> begin(HttpReply head) = 0;
  /// Answers a WebSocket upgrade with `protocol` chosen ("" = none offered). Null if the request is
  /// no valid upgrade; the client has then been told so.
  virtual std::unique_ptr<WebSocket> accept_websocket(std::string protocol,
                                                      WebSocketSink& sink) = 0;
  /// Answers 101 with these headers and hands over the connection.
  virtual std::unique_ptr<ByteStream> switch_protocols(HttpReply head, ByteSink& sink) = 0;
  /// Calls back once if the client goes away before the answer; for requests that wait.
  virtual void when_closed(Callback<void()> then) = 0;
};

class HttpHandler {
 public:
  virtual void handle(std::unique_ptr<HttpExchange> exchange) = 0;

 protected:
  ~HttpHandler() = default;
};

}  // namespace orrery
