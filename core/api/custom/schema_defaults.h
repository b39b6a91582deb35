// The defaults inside a CRD's schema must themselves be valid and pruned (upstream's
// ValidateDefaults). The checks of CRDs call it, on schemas that are structural.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

FieldErrors check_schema_defaults(const nlohmann::json& schema, const Path& path, bool pruned);

/// Whether some default below has fields that its schema does not name.
bool has_unpruned_defaults(const nlohmann::json& schema);

}  // namespace orrery::api
