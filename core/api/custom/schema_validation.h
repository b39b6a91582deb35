// Validation of a JSON value by a schema, as kube-openapi's validator does it for custom resources:
// its messages, its order, its choice of errors under anyOf and oneOf, and the ratcheting of
// updates (what did not change is not complained of). CustomResource and the checks of defaults in
// CRDs call it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/api/checks/field_error.h"
#include "core/api/custom/schema.h"

namespace orrery::api {

/// `old`: the value before an update, null on create. `field`: where the value stands, "" for a
/// whole object. At most 1,000 errors.
FieldErrors validate_by_schema(const Schema& schema, const nlohmann::json& value,
                               const nlohmann::json* old = nullptr, std::string_view field = {});

/// A value as field errors print it: texts quoted, numbers plain, the rest as JSON.
std::string error_value(const nlohmann::json& value);

}  // namespace orrery::api
