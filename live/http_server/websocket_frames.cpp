#include "live/http_server/websocket_frames.h"

#include <algorithm>
#include <utility>

namespace orrery {
namespace {

enum Opcode : unsigned {
  kContinuation = 0,
  kTextFrame = 1,
  kBinaryFrame = 2,
  kCloseFrame = 8,
  kPingFrame = 9,
  kPongFrame = 10
};

constexpr std::size_t kControlMax = 125;

bool is_control(unsigned opcode) { return opcode >= kCloseFrame; }

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string frame(unsigned opcode, std::string_view payload) {
  std::string out;
  out.reserve(payload.size() + 10);
  out += static_cast<char>(0x80 | opcode);
  int size_bytes = 0;
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    size_bytes = payload.size() <= 0xffff ? 2 : 8;
    out += static_cast<char>(size_bytes == 2 ? 126 : 127);
  }
  for (int i = size_bytes - 1; i >= 0; --i) out += static_cast<char>(payload.size() >> (8 * i));
  out += payload;
  return out;
}

// The bytes of the character that `lead` begins; 0 if none does.
std::size_t utf8_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

// Overlong forms, surrogates and what lies past U+10FFFF show in the second byte.
bool is_second_byte(unsigned lead, unsigned second) {
  switch (lead) {
    case 0xe0: return second >= 0xa0;
    case 0xed: return second < 0xa0;
    case 0xf0: return second >= 0x90;
    case 0xf4: return second < 0x90;
    default: return true;
  }
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = utf8_length(byte(i));
    if (length == 0 || i + length > bytes.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) return false;
    }
    if (length > 1 && !is_second_byte(byte(i), byte(i + 1))) return false;
    i += length;
  }
  return true;
}

bool is_close_code(int code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

WebSocketReader::Event WebSocketReader::failed(int code) { return {Kind::kFailed, {}, code}; }

void WebSocketReader::feed(std::string_view bytes) {
  if (taken_ == input_.size()) {
    input_.clear();
    taken_ = 0;
  } else if (taken_ > input_.size() / 2) {
    input_.erase(0, taken_);
    taken_ = 0;
  }
  input_ += bytes;
}

WebSocketReader::HeadResult WebSocketReader::read_head() {
  const std::string_view in = std::string_view(input_).substr(taken_);
  if (in.size() < 2) return HeadResult::kNeedMore;
  const auto first = static_cast<unsigned char>(in[0]), second = static_cast<unsigned char>(in[1]);
  const bool is_masked = (second & 0x80) != 0;
  // Bits for extensions: none was agreed on.
  if ((first & 0x70) != 0 || is_masked != (peer_ == Peer::kClient)) return HeadResult::kFailed;
  const unsigned code = second & 0x7f;
  const std::size_t size_bytes = code == 126 ? 2 : code == 127 ? 8 : 0;
  const std::size_t head_size = 2 + size_bytes + (is_masked ? 4 : 0);
  if (in.size() < head_size) return HeadResult::kNeedMore;
  head_.is_final = (first & 0x80) != 0;
  head_.opcode = first & 0x0f;
  head_.size = size_bytes == 0 ? code : big_endian(in.substr(2, size_bytes));
  if (is_masked) std::copy_n(in.begin() + 2 + static_cast<long>(size_bytes), 4, head_.mask);
  taken_ += head_size;
  frame_taken_ = 0;
  in_frame_ = true;
  return HeadResult::kRead;
}

// kNeedMore: the frame may come.
WebSocketReader::Event WebSocketReader::check_head() {
  switch (head_.opcode) {
    case kContinuation:
      if (message_opcode_ == 0) return failed(1002);
      break;
    case kTextFrame:
    case kBinaryFrame:
      if (message_opcode_ != 0) return failed(1002);
      message_opcode_ = head_.opcode;
      break;
    case kCloseFrame:
    case kPingFrame:
    case kPongFrame:
      if (!head_.is_final || head_.size > kControlMax) return failed(1002);
      return {};
    default:
      return failed(1002);
  }
  // message_ is never longer than the limit, so this cannot overflow.
  return head_.size > message_bytes_max_ - message_.size() ? failed(1009) : Event{};
}

void WebSocketReader::take_payload(std::string& to) {
  const std::size_t size = static_cast<std::size_t>(
      std::min<std::uint64_t>(head_.size - frame_taken_, input_.size() - taken_));
  const std::size_t start = to.size();
  to.append(input_, taken_, size);
  if (peer_ == Peer::kClient) {
    for (std::size_t i = 0; i < size; ++i) {
      to[start + i] = static_cast<char>(static_cast<unsigned char>(to[start + i]) ^
                                        head_.mask[(frame_taken_ + i) & 3]);
    }
  }
  taken_ += size;
  frame_taken_ += size;
}

WebSocketReader::Event WebSocketReader::finish_control() {
  std::string payload = std::exchange(control_, {});
  if (head_.opcode == kPingFrame) return {Kind::kPing, std::move(payload), 0};
  if (head_.opcode == kPongFrame) return {Kind::kPong, std::move(payload), 0};
  if (payload.empty()) return {Kind::kClose, {}, 1005};
  if (payload.size() == 1) return failed(1002);
  const int code = static_cast<int>(big_endian(std::string_view(payload).substr(0, 2)));
  if (!is_close_code(code)) return failed(1002);
  payload.erase(0, 2);
  if (!is_valid_utf8(payload)) return failed(1007);
  return {Kind::kClose, std::move(payload), code};
}

WebSocketReader::Event WebSocketReader::finish_message() {
  std::string message = std::exchange(message_, {});
  const bool is_text = std::exchange(message_opcode_, 0u) == kTextFrame;
  if (is_text && !is_valid_utf8(message)) return failed(1007);
  return {is_text ? Kind::kText : Kind::kBinary, std::move(message), 0};
}

WebSocketReader::Event WebSocketReader::next() {
  for (;;) {
    if (!in_frame_) {
      const HeadResult head = read_head();
      if (head == HeadResult::kNeedMore) return {};
      if (head == HeadResult::kFailed) return failed(1002);
      if (Event event = check_head(); event.kind == Kind::kFailed) return event;
    }
    const bool control = is_control(head_.opcode);
    take_payload(control ? control_ : message_);
    if (frame_taken_ < head_.size) return {};
    in_frame_ = false;
    if (control) return finish_control();
    if (head_.is_final) return finish_message();
  }
}

std::string websocket_message(std::string_view bytes, bool is_text) {
  return frame(is_text ? kTextFrame : kBinaryFrame, bytes);
}

std::string websocket_pong(std::string_view payload) {
  return frame(kPongFrame, payload.substr(0, kControlMax));
}

std::string websocket_close(int code, std::string_view reason) {
  if (!is_close_code(code)) return frame(kCloseFrame, {});
  std::string payload;
  payload += static_cast<char>(code >> 8);
  payload += static_cast<char>(code);
  std::size_t room = std::min(reason.size(), kControlMax - 2);
  while (room > 0 && !is_valid_utf8(reason.substr(0, room))) --room;  // not within a character
  payload += reason.substr(0, room);
  return frame(kCloseFrame, payload);
}

}  // namespace orrery
