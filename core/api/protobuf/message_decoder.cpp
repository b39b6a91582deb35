// Decoding: walks the wire, fills a JSON object. A scalar that Go keeps by value is on the wire
// even when empty; the plan says where JSON would carry such a zero.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/api/protobuf/envelope.h"
#include "core/api/protobuf/message_codec.h"
#include "core/api/protobuf/protobuf.h"
#include "core/api/protobuf/wire_reader.h"
#include "core/api/protobuf/wire_values.h"
#include "core/api/values/utf8.h"

namespace orrery::api {
namespace {

using nlohmann::json;

// JSON in a message: deeper than this the text is refused before it is parsed.
constexpr int kRawDepthMax = 1000;

bool is_shallow(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kRawDepthMax) return false;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return true;
}

class Decoder {
 public:
  Decoder(const WirePlan& plan, const ProtobufCodec& codec) : plan_(plan), codec_(codec) {}

  bool message(std::size_t row, std::string_view text, json& object);
  std::string error() { return std::move(error_); }

 private:
  bool member(const WireField& field, const WireReader& in, json& object);
  bool single(const WireField& field, const WireReader& in, json& object);
  bool list_item(const WireField& field, const WireReader& in, json& object);
  bool map_entry(const WireField& field, std::string_view entry, json& object);
  bool packed(const WireField& field, std::string_view text, json& list);
  bool value(const WireField& field, const WireReader& in, json& out);
  bool number(const WireField& field, std::uint64_t bits, json& out);
  bool bytes(const WireField& field, std::string_view text, json& out);
  bool string(std::string_view text, json& out);
  bool time(std::string_view text, bool micro, json& out);
  bool quantity(std::string_view text, json& out);
  bool int_or_string(std::string_view text, json& out);
  bool raw(std::string_view text, json& out);
  bool raw_text(std::string_view text, json& out);
  bool items(std::string_view text, json& out);
  bool schema_or(const WireField& field, std::string_view text, json& out);
  bool schema_part(const WireField& field, const WireReader& in, json& out);
  static bool keeps(const WireField& field, const json& value);
  static json absent(const WireField& field);

  bool fail(std::string_view why) {
    if (error_.empty()) error_ = why;
    return false;
  }
  bool broken() { return fail("unexpected EOF or malformed field"); }

  const WirePlan& plan_;
  const ProtobufCodec& codec_;
  std::string error_;
  int depth_ = 0;
};

bool Decoder::message(std::size_t row, std::string_view text, json& object) {
  if (++depth_ > kWireDepthMax) return fail("messages are nested too deeply");
  if (!object.is_object()) object = json::object();
  const WireMessage& message = plan_.message(row);
  WireReader in(text);
  while (in.next()) {
    const WireField* field = message.find(in.field());
    if (!field) continue;  // a field of a newer version
    if (member(*field, in, object)) continue;
    if (!field->name.empty()) {
      error_ = fmt::format("{}{}{}", field->name, error_.starts_with('.') ? "" : ": ", error_);
      error_.insert(0, ".");
    }
    return false;
  }
  --depth_;
  return in.ok() || broken();
}

bool Decoder::member(const WireField& field, const WireReader& in, json& object) {
  if (field.wire == Wire::kEmbedded) {
    if (in.kind() != WireKind::kBytes) return broken();
    return message(field.message, in.bytes(), object);
  }
  switch (field.repeat) {
    case Repeat::kList:
      return list_item(field, in, object);
    case Repeat::kMap:
      return in.kind() == WireKind::kBytes ? map_entry(field, in.bytes(), object) : broken();
    case Repeat::kOne:
      break;
  }
  return single(field, in, object);
}

// Whether a value that Go keeps without a pointer would be in the JSON.
bool Decoder::keeps(const WireField& field, const json& value) {
  if (value.is_null()) return false;
  if (field.pointer || field.keep_zero || field.wire == Wire::kRaw) return true;
  if (field.wire == Wire::kBytes || field.wire == Wire::kQuantity) return true;
  switch (value.type()) {
    case json::value_t::string:
      return !value.get_ref<const std::string&>().empty();
    case json::value_t::boolean:
      return value.get<bool>();
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      return value.get<std::int64_t>() != 0;
    case json::value_t::number_float:
      return value.get<double>() != 0;
    case json::value_t::object:
      return !value.empty();
    default:
      return true;
  }
}

bool Decoder::single(const WireField& field, const WireReader& in, json& object) {
  json out;
  if (field.wire == Wire::kMessage) {  // one that comes twice is merged
    if (const auto it = object.find(field.name); it != object.end()) out = std::move(*it);
  }
  if (!value(field, in, out)) return false;
  if (keeps(field, out)) {
    object[std::string(field.name)] = std::move(out);
  } else if (!object.empty()) {
    object.erase(std::string(field.name));
  }
  return true;
}

bool Decoder::list_item(const WireField& field, const WireReader& in, json& object) {
  const bool is_number =
      field.wire == Wire::kBool || field.wire == Wire::kInt32 || field.wire == Wire::kInt64;
  const bool is_packed = is_number && in.kind() == WireKind::kBytes;
  if (is_packed && in.bytes().empty()) return true;
  json& list = object[std::string(field.name)];
  if (!list.is_array()) list = json::array();
  if (is_packed) return packed(field, in.bytes(), list);
  list.emplace_back();
  return value(field, in, list.back());
}

bool Decoder::packed(const WireField& field, std::string_view text, json& list) {
  WireReader in(text);
  while (in.next_packed()) {
    list.emplace_back();
    if (!number(field, in.number(), list.back())) return false;
  }
  return in.ok() || broken();
}

// What a map entry without a value means.
json Decoder::absent(const WireField& field) {
  switch (field.wire) {
    case Wire::kString:
    case Wire::kBytes:
      return "";
    case Wire::kQuantity:
      return "0";
    case Wire::kBool:
      return false;
    case Wire::kInt32:
    case Wire::kInt64:
    case Wire::kDouble:
    case Wire::kIntOrString:
      return 0;
    case Wire::kItems:
    case Wire::kSchemaOrStrings:
      return json::array();
    case Wire::kTime:
    case Wire::kMicroTime:
    case Wire::kRaw:
      return nullptr;
    default:
      return json::object();
  }
}

bool Decoder::map_entry(const WireField& field, std::string_view entry, json& object) {
  json& map = object[std::string(field.name)];
  if (!map.is_object()) map = json::object();
  json key = "", out = absent(field);
  WireReader in(entry);
  while (in.next()) {
    if (in.field() == 1) {
      if (in.kind() != WireKind::kBytes) return broken();
      if (!string(in.bytes(), key)) return false;
    } else if (in.field() == 2) {
      out = json();
      if (!value(field, in, out)) return false;
    }
  }
  if (!in.ok()) return broken();
  map[key.get_ref<const std::string&>()] = std::move(out);
  return true;
}

bool Decoder::value(const WireField& field, const WireReader& in, json& out) {
  switch (field.wire) {
    case Wire::kBool:
    case Wire::kInt32:
    case Wire::kInt64:
      return in.kind() == WireKind::kVarint ? number(field, in.number(), out) : broken();
    case Wire::kDouble: {
      if (in.kind() != WireKind::kFixed64) return broken();
      const auto real = std::bit_cast<double>(in.number());
      if (!std::isfinite(real)) return fail("a number must be finite");
      constexpr double kExact = 9007199254740992.0;  // 2^53
      if (real > -kExact && real < kExact && real == std::trunc(real)) {
        out = static_cast<std::int64_t>(real);  // Go prints it without a fraction
      } else {
        out = real;
      }
      return true;
    }
    default:
      return in.kind() == WireKind::kBytes ? bytes(field, in.bytes(), out) : broken();
  }
}

bool Decoder::number(const WireField& field, std::uint64_t bits, json& out) {
  if (field.wire == Wire::kBool) {
    out = bits != 0;
  } else if (field.wire == Wire::kInt32) {
    out = static_cast<std::int32_t>(static_cast<std::uint32_t>(bits));
  } else {
    out = static_cast<std::int64_t>(bits);
  }
  return true;
}

bool Decoder::bytes(const WireField& field, std::string_view text, json& out) {
  switch (field.wire) {
    case Wire::kString:
      return string(text, out);
    case Wire::kBytes:
      out = base64_encode(text);
      return true;
    case Wire::kTime:
    case Wire::kMicroTime:
      return time(text, field.wire == Wire::kMicroTime, out);
    case Wire::kQuantity:
      return quantity(text, out);
    case Wire::kIntOrString:
      return int_or_string(text, out);
    case Wire::kRaw:
      return raw(text, out);
    case Wire::kItems:
      return items(text, out);
    case Wire::kMessage:
      return message(field.message, text, out);
    case Wire::kEmpty:
      out = json::object();
      return true;
    default:
      return schema_or(field, text, out);
  }
}

bool Decoder::string(std::string_view text, json& out) {
  if (!is_utf8(text)) return fail("a string must be UTF-8");
  out = text;
  return true;
}

bool Decoder::time(std::string_view text, bool micro, json& out) {
  if (text.empty()) return true;  // not set
  Timestamp at;
  WireReader in(text);
  while (in.next()) {
    if (in.field() > 2) continue;
    if (in.kind() != WireKind::kVarint) return broken();
    if (in.field() == 1) at.seconds = static_cast<std::int64_t>(in.number());
    if (in.field() == 2) at.nanos = static_cast<std::int32_t>(in.number());
  }
  if (!in.ok()) return broken();
  if (!micro) at.nanos = 0;
  if (at.seconds == kZeroTimeSeconds && at.nanos == 0) return true;
  auto formatted = format_timestamp(at, micro);
  if (!formatted) return fail("a time must be in the years 0000 to 9999");
  out = std::move(*formatted);
  return true;
}

bool Decoder::quantity(std::string_view text, json& out) {
  std::string_view written;
  WireReader in(text);
  while (in.next()) {
    if (in.field() != 1) continue;
    if (in.kind() != WireKind::kBytes) return broken();
    written = in.bytes();
  }
  if (!in.ok()) return broken();
  return string(written.empty() ? "0" : written, out);
}

bool Decoder::int_or_string(std::string_view text, json& out) {
  std::uint64_t type = 0;
  std::int32_t integer = 0;
  std::string_view written;
  WireReader in(text);
  while (in.next()) {
    if (in.field() > 3) continue;
    if ((in.field() == 3) != (in.kind() == WireKind::kBytes)) return broken();
    if (in.field() == 1) type = in.number();
    if (in.field() == 2)
      integer = static_cast<std::int32_t>(static_cast<std::uint32_t>(in.number()));
    if (in.field() == 3) written = in.bytes();
  }
  if (!in.ok()) return broken();
  if (type > 1) return fail("impossible IntOrString.Type");
  if (type == 1) return string(written, out);
  out = integer;
  return true;
}

bool Decoder::raw(std::string_view text, json& out) {
  std::string_view written;
  WireReader in(text);
  while (in.next()) {
    if (in.field() != 1) continue;
    if (in.kind() != WireKind::kBytes) return broken();
    written = in.bytes();
  }
  if (!in.ok()) return broken();
  return written.empty() || raw_text(written, out);
}

bool Decoder::raw_text(std::string_view text, json& out) {
  if (text.starts_with(kProtobufMagic)) {  // an object in an object, as in a watch event
    const Result<ProtobufObject> object = open_envelope(text);
    if (!object.ok()) return fail(object.status().message());
    const int row = codec_.find_type(object->api_version, object->kind);
    if (row < 0) return fail(fmt::format("holds an object of unknown kind \"{}\"", object->kind));
    if (!message(static_cast<std::size_t>(row), object->raw, out)) return false;
    out["apiVersion"] = object->api_version;
    out["kind"] = object->kind;
    return true;
  }
  if (!is_shallow(text)) return fail("JSON is nested too deeply");
  out = json::parse(text, nullptr, false);
  return !out.is_discarded() || fail("must hold valid JSON");
}

bool Decoder::items(std::string_view text, json& out) {
  out = json::array();
  WireReader in(text);
  while (in.next()) {
    if (in.field() != 1) continue;
    if (in.kind() != WireKind::kBytes) return broken();
    out.emplace_back();
    if (!string(in.bytes(), out.back())) return false;
  }
  return in.ok() || broken();
}

// The unions of JSON schemas: a bool, an array or strings, or a schema.
bool Decoder::schema_or(const WireField& field, std::string_view text, json& out) {
  if (field.wire == Wire::kSchemaOrBool) out = false;
  if (field.wire == Wire::kSchemaOrStrings) out = json::array();
  WireReader in(text);
  while (in.next()) {
    if (in.field() <= 2 && !schema_part(field, in, out)) return false;
  }
  return in.ok() || broken();
}

bool Decoder::schema_part(const WireField& field, const WireReader& in, json& out) {
  if (field.wire == Wire::kSchemaOrBool && in.field() == 1) {
    if (in.kind() != WireKind::kVarint) return broken();
    if (!out.is_object()) out = in.number() != 0;
    return true;
  }
  if (in.kind() != WireKind::kBytes) return broken();
  const std::uint32_t schema_field = field.wire == Wire::kSchemaOrBool ? 2 : 1;
  if (in.field() == schema_field) return message(field.message, in.bytes(), out);
  if (!out.is_array()) out = json::array();
  out.emplace_back();
  if (field.wire == Wire::kSchemaOrStrings) return string(in.bytes(), out.back());
  return message(field.message, in.bytes(), out.back());
}

}  // namespace

std::string decode_message(const WirePlan& plan, const ProtobufCodec& codec, std::size_t row,
                           std::string_view text, json& out) {
  Decoder decoder(plan, codec);
  out = json::object();
  if (decoder.message(row, text, out)) return {};
  std::string error = decoder.error();
  return error.starts_with('.') ? error.substr(1) : error;
}

}  // namespace orrery::api
