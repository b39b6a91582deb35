#include "core/apiserver/wire/negotiation.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

namespace orrery::apiserver {
namespace {

constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kYamlType = "application/yaml";
constexpr std::string_view kProtobufType = "application/vnd.kubernetes.protobuf";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(by);
    parts.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text = text.substr(at + 1);
  }
}

std::optional<Encoding> encoding_of(std::string_view type) {
  if (type == kJsonType || type == "*/*" || type == "application/*" || type.empty()) {
    return Encoding::kJson;
  }
  if (type == kYamlType) return Encoding::kYaml;
  if (type == kProtobufType) return Encoding::kProtobuf;
  return std::nullopt;
}

// Of one clause; nullopt: it cannot be given.
std::optional<Wanted> clause(std::string_view text, bool allows_transform) {
  const std::vector<std::string_view> parts = split(text, ';');
  const std::optional<Encoding> encoding = encoding_of(media_type_of(parts[0]));
  if (!encoding) return std::nullopt;
  Wanted wanted;
  wanted.encoding = *encoding;
  std::string_view as, group, version;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = parts[i].substr(0, equals), value = parts[i].substr(equals + 1);
    if (key == "as") as = value;
    if (key == "g") group = value;
    if (key == "v") version = value;
    if (key == "pretty") wanted.pretty = value != "0" && value != "false";
  }
  if (as.empty()) return wanted;
  if (!allows_transform || group != "meta.k8s.io" || (version != "v1" && version != "v1beta1")) {
    return std::nullopt;
  }
  if (as == "Table") {
    wanted.shaping = Shaping::kTable;
  } else if (as == "PartialObjectMetadata" || as == "PartialObjectMetadataList") {
    wanted.shaping = Shaping::kPartial;
  } else {
    return std::nullopt;
  }
  wanted.meta_version = std::string(version);
  return wanted;
}

}  // namespace

std::string media_type_of(std::string_view content_type) {
  std::string type(trimmed(content_type.substr(0, content_type.find(';'))));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

Result<Wanted> negotiate(std::string_view accept, bool allows_transform) {
  for (const std::string_view text : split(accept, ',')) {
    if (std::optional<Wanted> wanted = clause(text, allows_transform)) return *wanted;
  }
  return Status(Reason::kNotAcceptable,
                "only the following media types are accepted: application/json, application/yaml, "
                "application/vnd.kubernetes.protobuf");
}

std::string content_type_of(const Wanted& wanted, bool is_stream) {
  std::string type(wanted.encoding == Encoding::kYaml       ? kYamlType
                   : wanted.encoding == Encoding::kProtobuf ? kProtobufType
                                                            : kJsonType);
  if (is_stream && wanted.encoding == Encoding::kProtobuf) type.append(";stream=watch");
  return type;
}

Result<Encoding> body_encoding(std::string_view content_type) {
  if (const std::optional<Encoding> encoding = encoding_of(media_type_of(content_type))) {
    return *encoding;
  }
  return Status(Reason::kUnsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                "application/json, application/yaml, application/vnd.kubernetes.protobuf");
}

}  // namespace orrery::apiserver
