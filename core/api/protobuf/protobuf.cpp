#include "core/api/protobuf/protobuf.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/protobuf/envelope.h"
#include "core/api/protobuf/message_codec.h"
#include "core/base/check.h"

namespace orrery::api {
namespace {

using nlohmann::json;

std::string_view text_member(const json& document, const char* name) {
  const auto it = document.find(name);
  if (it == document.end() || !it->is_string()) return {};
  return it->get_ref<const std::string&>();
}

}  // namespace

ProtobufCodec::ProtobufCodec(const ApiTable& table) : table_(table), plan_(table) {}

int ProtobufCodec::find_type(std::string_view api_version, std::string_view kind) const {
  const auto [group, version] = split_api_version(api_version);
  const int row = table_.find_kind_type(group, version, kind);
  if (row >= 0) return row;
  if (group == "meta.k8s.io") {
    if (kind == "PartialObjectMetadata") return static_cast<int>(plan_.partial_metadata());
    if (kind == "PartialObjectMetadataList") return static_cast<int>(plan_.partial_metadata()) + 1;
  }
  if (kind == "DeleteOptions" || kind == "Status" || kind == "WatchEvent") {
    return table_.find_type(fmt::format("meta/v1.{}", kind));
  }
  return -1;
}

Result<json> ProtobufCodec::decode(std::size_t type, std::string_view message) const {
  CHECK(type < plan_.types());
  json out;
  const std::string error = decode_message(plan_, *this, type, message, out);
  if (!error.empty()) return bad_request(fmt::format("protobuf: {}", error));
  return out;
}

std::string ProtobufCodec::encode(std::size_t type, const json& document) const {
  CHECK(type < plan_.types());
  return encode_message(plan_, type, document);
}

Result<json> ProtobufCodec::decode_body(std::string_view body, int default_type) const {
  const Result<ProtobufObject> object = open_envelope(body);
  if (!object.ok()) return object.status();
  const std::string_view api_version = object->api_version;
  const std::string_view kind = object->kind;
  const int type = kind.empty() ? default_type : find_type(api_version, kind);
  if (type < 0) {
    return bad_request(fmt::format(
        "no kind \"{}\" of version \"{}\" has a protobuf form: send JSON", kind, api_version));
  }
  Result<json> out = decode(static_cast<std::size_t>(type), object->raw);
  if (out.ok() && !kind.empty()) {
    (*out)["apiVersion"] = api_version;
    (*out)["kind"] = kind;
  }
  return out;
}

Result<std::string> ProtobufCodec::encode_body(const json& document) const {
  const std::string_view api_version = text_member(document, "apiVersion");
  const std::string_view kind = text_member(document, "kind");
  const int type = find_type(api_version, kind);
  if (type < 0) {
    return Status(Reason::kNotAcceptable,
                  fmt::format("{} of {} has no protobuf form: ask for JSON", kind, api_version));
  }
  return seal_envelope(api_version, kind, encode(static_cast<std::size_t>(type), document));
}

}  // namespace orrery::api
