#include "core/api/protobuf/envelope.h"

#include "core/api/protobuf/wire_reader.h"
#include "core/api/protobuf/wire_writer.h"
#include "core/api/values/utf8.h"

namespace orrery::api {
namespace {

Status malformed() {
  return bad_request("the body is not a valid Kubernetes protobuf envelope (runtime.Unknown)");
}

bool read_type_meta(std::string_view text, ProtobufObject& out) {
  WireReader in(text);
  while (in.next()) {
    if (in.kind() != WireKind::kBytes) continue;
    if (in.field() == 1) out.api_version = in.bytes();
    if (in.field() == 2) out.kind = in.bytes();
  }
  return in.ok() && is_utf8(out.api_version) && is_utf8(out.kind);
}

}  // namespace

Result<ProtobufObject> open_envelope(std::string_view body) {
  if (body.empty()) return bad_request("empty data");
  if (!body.starts_with(kProtobufMagic)) {
    return bad_request(
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  }
  ProtobufObject out;
  std::string_view encoding;
  WireReader in(body.substr(kProtobufMagic.size()));
  while (in.next()) {
    if (in.field() > 4) continue;
    if (in.kind() != WireKind::kBytes) return malformed();
    if (in.field() == 1 && !read_type_meta(in.bytes(), out)) return malformed();
    if (in.field() == 2) out.raw = in.bytes();
    if (in.field() == 3) encoding = in.bytes();
  }
  if (!in.ok()) return malformed();
  if (!encoding.empty()) {
    return bad_request("the protobuf body has a contentEncoding: send it without one");
  }
  return out;
}

std::string seal_envelope(std::string_view api_version, std::string_view kind,
                          std::string_view raw) {
  WireWriter out(raw.size() + api_version.size() + kind.size() + 48);
  out.bytes_field(4, "");
  out.bytes_field(3, "");
  out.bytes_field(2, raw);
  const std::size_t start = out.mark();
  out.bytes_field(2, kind);
  out.bytes_field(1, api_version);
  out.close_field(1, start);
  out.raw(kProtobufMagic);
  return out.take();
}

std::string watch_frame(std::string_view type, std::string_view sealed) {
  WireWriter out(sealed.size() + type.size() + 48);
  const std::size_t start = out.mark();
  out.bytes_field(1, sealed);
  out.close_field(2, start);
  out.bytes_field(1, type);
  const std::size_t size = out.mark();
  char prefix[4];
  for (int i = 0; i < 4; ++i) prefix[i] = static_cast<char>(size >> (24 - 8 * i) & 0xff);
  out.raw({prefix, sizeof prefix});
  return out.take();
}

}  // namespace orrery::api
