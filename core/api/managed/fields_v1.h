// FieldsV1: a field set as the JSON of managedFields. A member without members below it is an empty
// object; one with members below has "." beside them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/managed/field_set.h"
#include "core/base/result.h"

namespace orrery::api::managed {

nlohmann::json to_fields_v1(const FieldSet& set);
/// The same, taking the element texts with it.
nlohmann::json to_fields_v1(FieldSet&& set);

/// Elements of a kind that is not known are left out, as upstream does. BadRequest: not FieldsV1.
Result<FieldSet> from_fields_v1(const nlohmann::json& fields);

}  // namespace orrery::api::managed
