#include <algorithm>

#include "core/apiserver/streams/big_endian.h"
#include "core/apiserver/streams/spdy_frames.h"
#include "core/apiserver/streams/spdy_types.h"

namespace orrery::apiserver {
namespace {

std::string control(SpdyType type, std::uint8_t flags, std::string_view payload) {
  std::string out;
  out.reserve(8 + payload.size());
  append_u32(out, 0x80000000u | kSpdyVersion << 16 | static_cast<std::uint32_t>(type));
  out += static_cast<char>(flags);
  append_u24(out, static_cast<std::uint32_t>(payload.size()));
  out += payload;
  return out;
}

std::string numbers(std::initializer_list<std::uint32_t> values) {
  std::string out;
  for (const std::uint32_t value : values) append_u32(out, value);
  return out;
}

}  // namespace

std::string SpdyWriter::syn_stream(std::uint32_t stream, std::uint8_t flags,
                                   const SpdyHeaders& headers) {
  std::string payload = numbers({stream, 0});  // associated with no other stream
  payload.append(2, '\0');                     // priority and credential slot
  return control(SpdyType::kSynStream, flags, payload + packer_.pack(headers));
}

std::string SpdyWriter::syn_reply(std::uint32_t stream, std::uint8_t flags,
                                  const SpdyHeaders& headers) {
  return control(SpdyType::kSynReply, flags, numbers({stream}) + packer_.pack(headers));
}

std::string SpdyWriter::headers(std::uint32_t stream, std::uint8_t flags,
                                const SpdyHeaders& headers) {
  return control(SpdyType::kHeaders, flags, numbers({stream}) + packer_.pack(headers));
}

std::string SpdyWriter::rst_stream(std::uint32_t stream, SpdyReset why) {
  return control(SpdyType::kRstStream, 0, numbers({stream, static_cast<std::uint32_t>(why)}));
}

std::string SpdyWriter::data(std::uint32_t stream, std::string_view bytes, bool fin) {
  std::string out;
  do {
    const std::string_view piece = bytes.substr(0, kDataBytesMax);
    bytes.remove_prefix(piece.size());
    append_u32(out, stream & 0x7fffffffu);
    out += static_cast<char>(fin && bytes.empty() ? kSpdyFin : 0);
    append_u24(out, static_cast<std::uint32_t>(piece.size()));
    out += piece;
  } while (!bytes.empty());
  return out;
}

std::string SpdyWriter::ping(std::uint32_t id) {
  return control(SpdyType::kPing, 0, numbers({id}));
}

std::string SpdyWriter::goaway(std::uint32_t last_stream, std::uint32_t why) {
  return control(SpdyType::kGoAway, 0, numbers({last_stream, why}));
}

std::string SpdyWriter::settings(const std::vector<SpdySetting>& settings) {
  std::string payload = numbers({static_cast<std::uint32_t>(settings.size())});
  for (const SpdySetting& setting : settings) {
    payload += static_cast<char>(setting.flags);
    append_u24(payload, setting.id);
    append_u32(payload, setting.value);
  }
  return control(SpdyType::kSettings, 0, payload);
}

std::string SpdyWriter::window_update(std::uint32_t stream, std::uint32_t delta) {
  return control(SpdyType::kWindowUpdate, 0, numbers({stream, delta}));
}

}  // namespace orrery::apiserver
