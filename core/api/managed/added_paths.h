// The paths of a value that was not there before: every step of it is new. Used by creates and
// comparisons.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/managed/field_set.h"
#include "core/api/managed/place.h"

namespace orrery::api::managed {

/// All that is below the place; the place itself is its parent's to add.
FieldSet added_paths(const ApiTable& table, const Place& place, const nlohmann::json& value);

/// The same for a struct that was there with zero values only, as Go's are in built-in kinds.
FieldSet added_to_zero(const ApiTable& table, const Place& place, const nlohmann::json& value);

/// Whether Go writes a field of a built-in kind even when nothing is set: those without omitempty,
/// and structs that are not behind a pointer.
bool is_always_there(const FieldRow& field);

/// The path elements that stand more than once in a list, sorted. Upstream owns such elements as
/// one, without their fields.
std::vector<std::string> repeated(const std::vector<NamedElement>& elements);

}  // namespace orrery::api::managed
