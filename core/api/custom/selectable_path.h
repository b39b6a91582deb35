// The simple JSON paths of selectableFields and of rules' fieldPath (".spec.color"), followed
// through a schema (upstream's cel.ValidFieldPath).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orrery::api {

struct FieldPathTarget {
  std::string error;  // "" where the path leads somewhere
  std::string first;  // "spec"
  std::string path;   // "spec.color"
  const nlohmann::json* schema = nullptr;
};

/// `brackets`: ['key'] is allowed besides .name.
FieldPathTarget resolve_field_path(std::string_view path, const nlohmann::json& schema,
                                   bool brackets);

}  // namespace orrery::api
