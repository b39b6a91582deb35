// The rules that make a schema structural (upstream's ValidateStructural): types everywhere,
// nothing but value checks under allOf, anyOf, oneOf and not. The checks of CRDs call it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// Sorted by their texts, as upstream; `path` is where the schema stands.
FieldErrors check_structural(const nlohmann::json& schema, const Path& path);

/// Why upstream cannot even convert the schema to a structural one ("OpenAPIV3Schema '$ref' is not
/// supported"); "" if it can.
std::string structural_conversion_error(const nlohmann::json& schema);

}  // namespace orrery::api
