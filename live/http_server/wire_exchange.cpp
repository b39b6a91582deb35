#include "live/http_server/wire_exchange.h"

#include "core/base/check.h"
#include "live/http_server/websocket_handshake.h"
#include "live/http_server/wire_websocket.h"

namespace orrery {

WireExchange::WireExchange(Ref<Connection> connection, HttpRequest request)
    : connection_(std::move(connection)),
      turn_(connection_->turn()),
      request_(std::move(request)) {}

WireExchange::~WireExchange() {
  if (connection_) {
    connection_->reply(turn_, own_reply(500, "the request was dropped without an answer"));
  }
}

void WireExchange::reply(HttpReply reply) {
  CHECK(connection_ != nullptr);
  std::exchange(connection_, nullptr)->reply(turn_, std::move(reply));
}

std::unique_ptr<ReplyStream> WireExchange::begin(HttpReply head) {
  CHECK(connection_ != nullptr);
  Ref<Connection> connection = std::exchange(connection_, nullptr);
  const Connection::Turn next = connection->begin(turn_, std::move(head));
  return std::make_unique<WireReplyStream>(std::move(connection), next ? next : turn_);
}

std::unique_ptr<WebSocket> WireExchange::accept_websocket(std::string protocol,
                                                          WebSocketSink& sink) {
  CHECK(connection_ != nullptr);
  const std::optional<std::string> accept = websocket_accept(request_);
  if (!accept) {
    reply(own_reply(400, "the request is no WebSocket upgrade of version 13"));
    return nullptr;
  }
  HttpReply head;
  head.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Accept", *accept}};
  if (!protocol.empty()) head.headers.push_back({"Sec-WebSocket-Protocol", std::move(protocol)});
  Ref<Connection> connection = std::exchange(connection_, nullptr);
  const Connection::Turn next = connection->switch_protocols(turn_, head);
  return std::make_unique<WireWebSocket>(std::move(connection), next ? next : turn_, sink);
}

std::unique_ptr<ByteStream> WireExchange::switch_protocols(HttpReply head, ByteSink& sink) {
  CHECK(connection_ != nullptr);
  Ref<Connection> connection = std::exchange(connection_, nullptr);
  const Connection::Turn next = connection->switch_protocols(turn_, head);
  return std::make_unique<WireByteStream>(std::move(connection), next ? next : turn_, sink);
}

void WireExchange::when_closed(Callback<void()> then) {
  if (connection_) connection_->when_closed(turn_, std::move(then));
}

WireByteStream::WireByteStream(Ref<Connection> connection, Connection::Turn turn, ByteSink& sink)
    : connection_(std::move(connection)), turn_(turn), sink_(sink) {
  connection_->read_raw(turn_, *this);
}

void WireByteStream::on_raw_bytes(std::string_view bytes) {
  connection_->post_to_core(turn_, [this, copy = std::string(bytes)] { sink_.on_bytes(copy); });
}

void WireByteStream::on_raw_closed() {
  connection_->post_to_core(turn_, [this] { sink_.on_closed(); });
}

}  // namespace orrery
