// What the tests here share: the built-in table, short ways to say a write and to read owners.
// Only tests/core/api/managed includes it.
#pragma once

#include <nlohmann/json.hpp>  // tidy: a test header that holds documents
#include <string>

#include "core/api/managed/apply.h"
#include "core/api/managed/fields_v1.h"
#include "core/api/managed/entries.h"
#include "core/api/managed/update.h"

namespace orrery::api::managed {

using Json = nlohmann::json;

inline const ApiTable& table() {
  static const ApiTable kTable = ApiTable::built_in();
  return kTable;
}

/// A write to a kind of the core group, at a second of 2024-01-01.
inline Write core_write(const char* kind, const char* manager, int second = 0,
                        const char* subresource = "") {
  return {.table = table(),
          .type = static_cast<std::size_t>(table().find_kind_type("", "v1", kind)),
          .api_version = "v1",
          .manager = manager,
          .subresource = subresource,
          .now = *parse_rfc3339("2024-01-01T00:00:00Z") + std::chrono::seconds(second)};
}

/// A ConfigMap named "c" with this data.
inline Json config_map(const Json& data) {
  return {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", "c"}}},
          {"data", data}};
}

/// `object` with the managers that this write leaves.
inline Json stored(const Write& write, const Json& live, Json fresh) {
  if (!live.is_null() && !fresh["metadata"].contains("managedFields")) {
    const Json& entries = managed_fields_of(live);
    if (!entries.is_null()) fresh["metadata"]["managedFields"] = entries;
  }
  const Json entries = updated_managers(write, live, fresh);
  fresh["metadata"].erase("managedFields");
  if (!entries.is_null()) fresh["metadata"]["managedFields"] = entries;
  return fresh;
}

/// {manager: fieldsV1} of an object.
inline Json owners(const Json& object) {
  Json out = Json::object();
  for (const Json& entry : managed_fields_of(object)) {
    out[entry["manager"].get<std::string>()] = entry["fieldsV1"];
  }
  return out;
}

}  // namespace orrery::api::managed
