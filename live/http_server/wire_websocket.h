// WireWebSocket: core's WebSocket port over a Connection that has answered 101. Answers pings,
// closes by the book: a close frame is answered, then the connection ends.
//
//     open --close()--> closing --peer's close, or 5 s--> closed
//     open --peer's close (echoed), bad frame (1002, 1007, 1009), connection gone--> closed
#pragma once

#include <string>

#include "live/http_server/connection.h"
#include "live/http_server/websocket_frames.h"

namespace orrery {

class WireWebSocket final : public WebSocket, private RawReader {
 public:
  WireWebSocket(Ref<Connection> connection, Connection::Turn turn, WebSocketSink& sink);
  ~WireWebSocket() override;

  void send(std::string bytes, bool is_text) override;
  void close(int code, std::string reason) override;
  std::size_t backlog() const override {
    return connection_->turn() == turn_ ? connection_->backlog() : 0;
  }

 private:
  enum class State { kOpen, kClosing, kClosed };

  void on_raw_bytes(std::string_view bytes) override;
  void on_raw_closed() override;
  void on_event(WebSocketReader::Event event);
  void end(int code, std::string_view reason);

  const Ref<Connection> connection_;
  const Connection::Turn turn_;
  WebSocketSink& sink_;
  WebSocketReader reader_;
  State state_ = State::kOpen;
};

}  // namespace orrery
