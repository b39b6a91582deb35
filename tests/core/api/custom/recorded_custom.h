// The recorded requests about CRDs and custom resources, for the golden tests of this folder.
#pragma once

#include <nlohmann/json.hpp>  // tidy: tests only
#include <optional>
#include <string>
#include <vector>

#include "core/api/checks/field_error.h"
#include "core/base/status.h"
#include "tests/core/api/values/golden_lines.h"

namespace orrery::api {

using Json = nlohmann::json;

/// The records of a file; null where the data is not there.
inline std::optional<std::vector<Json>> recorded(const std::string& file) {
  const auto lines = golden_lines("api/" + file);
  if (!lines) return std::nullopt;
  std::vector<Json> out;
  for (const std::string& line : *lines) out.push_back(Json::parse(line));
  return out;
}

/// A request body: JSON text in cases and fixtures, JSON in sequences.
inline Json body_of(const Json& record) {
  const Json& body = record["body"];
  return body.is_string() ? Json::parse(body.get<std::string>()) : body;
}

/// "" where our errors make the recorded Status, else the difference.
inline std::string status_difference(const std::string& kind, const std::string& group,
                                     const std::string& name, const FieldErrors& errors,
                                     const Json& response) {
  const std::string message = response.value("message", "");
  if (errors.empty()) return "accepted, should be: " + message;
  const Status status = invalid_status(kind, group, name, errors);
  if (status.message() != message) return status.message() + "\n  should be: " + message;
  Json causes = Json::array();
  for (const StatusCause& cause : status.details().causes) {
    causes.push_back(
        Json{{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}});
  }
  if (causes == response["details"]["causes"]) return {};
  return causes.dump() + "\n  should be: " + response["details"]["causes"].dump();
}

/// Removes what the store and the field manager add.
inline Json without_store_fields(Json object) {
  if (!object.contains("metadata")) return object;
  for (const char* key : {"uid", "resourceVersion", "creationTimestamp", "managedFields"}) {
    object["metadata"].erase(key);
  }
  return object;
}

}  // namespace orrery::api
