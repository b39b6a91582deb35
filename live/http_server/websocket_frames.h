// WebSocketReader and the frame writers: RFC 6455 frames to messages and back, without a socket.
// Used by WireWebSocket (server) and by tests' clients. Rule: after kFailed or kClose feed no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orrery {

class WebSocketReader {
 public:
  enum class Peer { kClient, kServer };  // whose frames are read: a client's are masked

  enum class Kind { kNeedMore, kText, kBinary, kPing, kPong, kClose, kFailed };
  struct Event {
    Kind kind = Kind::kNeedMore;
    std::string payload;  // kClose: the reason
    /// kClose: the peer's code, 1005 if none. kFailed: what to close with, 1002, 1007 or 1009.
    int code = 0;
  };

  WebSocketReader(Peer peer, std::size_t message_bytes_max)
      : peer_(peer), message_bytes_max_(message_bytes_max) {}

  /// Adds bytes; then next() is called until it needs more.
  void feed(std::string_view bytes);
  Event next();
  /// Bytes held: at most a message and what was fed behind it.
  std::size_t size() const { return input_.size() - taken_ + message_.size(); }

 private:
  struct Head {
    bool is_final = false;
    unsigned opcode = 0;
    std::uint64_t size = 0;
    unsigned char mask[4] = {};
  };
  enum class HeadResult { kRead, kNeedMore, kFailed };
  HeadResult read_head();
  Event check_head();
  void take_payload(std::string& to);
  Event finish_control();
  Event finish_message();
  static Event failed(int code);

  const Peer peer_;
  const std::size_t message_bytes_max_;
  std::string input_;
  std::size_t taken_ = 0;  // of input_
  bool in_frame_ = false;
  Head head_;
  std::uint64_t frame_taken_ = 0;
  unsigned message_opcode_ = 0;  // of the fragmented message under way; 0: none
  std::string message_, control_;
};

/// One unfragmented frame of a server.
std::string websocket_message(std::string_view bytes, bool is_text);
std::string websocket_pong(std::string_view payload);
/// `reason` is cut to the 123 bytes that a control frame has room for. 1005: without code.
std::string websocket_close(int code, std::string_view reason);

bool is_valid_utf8(std::string_view bytes);
/// Codes that may stand in a close frame.
bool is_close_code(int code);

}  // namespace orrery
