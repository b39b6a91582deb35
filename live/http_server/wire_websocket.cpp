#include "live/http_server/wire_websocket.h"

#include <utility>

namespace orrery {
namespace {

constexpr Duration kCloseTimeout = 5s;
// A client that pings and does not read gets no more pongs.
constexpr std::size_t kPongBacklogMax = 64 << 10;

}  // namespace

WireWebSocket::WireWebSocket(Ref<Connection> connection, Connection::Turn turn,
                             WebSocketSink& sink)
    : connection_(std::move(connection)),
      turn_(turn),
      sink_(sink),
      reader_(WebSocketReader::Peer::kClient, connection_->options().websocket_message_max) {
  connection_->read_raw(turn_, *this);
}

WireWebSocket::~WireWebSocket() {
  if (state_ == State::kOpen) connection_->write_raw(turn_, websocket_close(1001, {}));
  connection_->finish_raw(turn_);
  connection_->abandon(turn_);  // where there was nothing to finish
}

void WireWebSocket::send(std::string bytes, bool is_text) {
  if (state_ == State::kOpen) connection_->write_raw(turn_, websocket_message(bytes, is_text));
}

void WireWebSocket::close(int code, std::string reason) {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  connection_->write_raw(turn_, websocket_close(code, reason));
  connection_->limit(turn_, kCloseTimeout);
}

void WireWebSocket::on_raw_bytes(std::string_view bytes) {
  reader_.feed(bytes);
  while (state_ != State::kClosed) {
    WebSocketReader::Event event = reader_.next();
    if (event.kind == WebSocketReader::Kind::kNeedMore) return;
    on_event(std::move(event));
  }
}

void WireWebSocket::on_event(WebSocketReader::Event event) {
  using Kind = WebSocketReader::Kind;
  switch (event.kind) {
    case Kind::kText:
    case Kind::kBinary:
      if (state_ != State::kOpen) return;
      connection_->post_to_core(
          turn_, [this, payload = std::move(event.payload), is_text = event.kind == Kind::kText] {
            sink_.on_message(payload, is_text);
          });
      return;
    case Kind::kPing:
      if (state_ == State::kOpen && connection_->backlog() < kPongBacklogMax) {
        connection_->write_raw(turn_, websocket_pong(event.payload));
      }
      return;
    case Kind::kClose: end(event.code, event.payload); return;
    case Kind::kFailed: end(event.code, {}); return;
    case Kind::kPong:
    case Kind::kNeedMore: return;
  }
}

// The last frame was read; ours goes out unless it has. The sink is told, and core's destroying us
// ends the connection; at the latest the timeout does.
void WireWebSocket::end(int code, std::string_view reason) {
  if (state_ == State::kOpen) connection_->write_raw(turn_, websocket_close(code, reason));
  connection_->limit(turn_, kCloseTimeout);
  on_raw_closed();
}

void WireWebSocket::on_raw_closed() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  connection_->post_to_core(turn_, [this] { sink_.on_closed(); });
}

}  // namespace orrery
