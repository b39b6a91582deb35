#include "core/apiserver/streams/big_endian.h"
#include "core/apiserver/streams/spdy_frames.h"
#include "core/apiserver/streams/spdy_types.h"

namespace orrery::apiserver {
namespace {

constexpr std::uint32_t kHead = 8;

std::uint32_t stream_at(std::string_view payload, std::size_t at) {
  return read_u32(payload.data() + at) & 0x7fffffffu;
}

}  // namespace

Status SpdyReader::feed(std::string_view bytes) {
  if (dead_) return bad_request("spdy: the connection is broken");
  while (!bytes.empty()) {
    if (data_left_ > 0) {
      const std::string_view piece = bytes.substr(0, data_left_);
      bytes.remove_prefix(piece.size());
      data_left_ -= static_cast<std::uint32_t>(piece.size());
      frames_.on_data(data_stream_, piece, data_fin_ && data_left_ == 0);
      continue;
    }
    const std::string_view piece = bytes.substr(0, wanted_ - gathered_.size());
    gathered_ += piece;
    bytes.remove_prefix(piece.size());
    if (gathered_.size() < wanted_) break;
    const Status status = start_frame();
    if (!status.ok()) {
      dead_ = true;
      return status;
    }
  }
  return {};
}

// `gathered_` is a frame's head, or a whole control frame.
Status SpdyReader::start_frame() {
  const std::uint32_t length = read_u24(gathered_.data() + 5);
  const bool control = (gathered_[0] & 0x80) != 0;
  if (control && !in_control_) {
    if ((read_u16(gathered_.data()) & 0x7fffu) != kSpdyVersion) {
      return bad_request("spdy: a frame of another version");
    }
    if (length > kControlBytesMax) return bad_request("spdy: a control frame is too large");
    in_control_ = true;
    wanted_ = kHead + length;
    if (length > 0) return {};
  }
  Status status;
  if (control) {
    status = control_frame(std::string_view(gathered_).substr(kHead));
  } else {
    data_stream_ = stream_at(gathered_, 0);
    data_left_ = length;
    data_fin_ = (gathered_[4] & kSpdyFin) != 0;
    if (data_stream_ == 0) return bad_request("spdy: data of stream zero");
    if (length == 0) frames_.on_data(data_stream_, {}, data_fin_);
  }
  in_control_ = false;
  wanted_ = kHead;
  gathered_.clear();
  return status;
}

Status SpdyReader::control_frame(std::string_view payload) {
  const std::uint32_t type = read_u16(gathered_.data() + 2);
  switch (static_cast<SpdyType>(type)) {
    case SpdyType::kSynStream:
    case SpdyType::kSynReply:
    case SpdyType::kHeaders:
      return headers_frame(type, payload);
    case SpdyType::kSettings:
      return settings_frame(payload);
    case SpdyType::kRstStream:
    case SpdyType::kPing:
    case SpdyType::kGoAway:
    case SpdyType::kWindowUpdate:
      return fixed_frame(type, payload);
  }
  return {};  // an unknown type is skipped, as the draft wants it
}

Status SpdyReader::headers_frame(std::uint32_t type, std::string_view payload) {
  const bool syn_stream = static_cast<SpdyType>(type) == SpdyType::kSynStream;
  const std::size_t fixed = syn_stream ? 10 : 4;
  if (payload.size() < fixed) return bad_request("spdy: a headers frame is too short");
  const std::uint32_t stream = stream_at(payload, 0);
  if (stream == 0) return bad_request("spdy: headers of stream zero");
  const auto flags = static_cast<std::uint8_t>(gathered_[4]);
  Result<SpdyHeaders> headers = unpacker_.unpack(payload.substr(fixed));
  if (!headers.ok()) return headers.status();
  if (syn_stream) {
    frames_.on_syn_stream(stream, flags, *std::move(headers));
  } else if (static_cast<SpdyType>(type) == SpdyType::kSynReply) {
    frames_.on_syn_reply(stream, flags, *std::move(headers));
  } else {
    frames_.on_headers(stream, flags, *std::move(headers));
  }
  return {};
}

Status SpdyReader::fixed_frame(std::uint32_t type, std::string_view payload) {
  const auto kind = static_cast<SpdyType>(type);
  const std::size_t size = kind == SpdyType::kPing ? 4 : 8;
  if (payload.size() != size) return bad_request("spdy: a control frame of a wrong size");
  if (kind == SpdyType::kPing) {
    frames_.on_ping(read_u32(payload.data()));
    return {};
  }
  const std::uint32_t stream = stream_at(payload, 0);
  const std::uint32_t value = read_u32(payload.data() + 4);
  if (kind == SpdyType::kGoAway) {
    frames_.on_goaway(stream, value);
  } else if (kind == SpdyType::kRstStream) {
    frames_.on_rst_stream(stream, value);
  } else {
    frames_.on_window_update(stream, value & 0x7fffffffu);
  }
  return {};
}

Status SpdyReader::settings_frame(std::string_view payload) {
  if (payload.size() < 4 || (payload.size() - 4) % 8 != 0 ||
      read_u32(payload.data()) != (payload.size() - 4) / 8) {
    return bad_request("spdy: settings of a wrong size");
  }
  std::vector<SpdySetting> settings;
  for (std::size_t at = 4; at < payload.size(); at += 8) {
    settings.push_back({read_u24(payload.data() + at + 1), static_cast<std::uint8_t>(payload[at]),
                        read_u32(payload.data() + at + 4)});
  }
  frames_.on_settings(settings);
  return {};
}

}  // namespace orrery::apiserver
