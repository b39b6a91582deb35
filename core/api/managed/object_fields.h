// Which fields an object has, as field sets: what an apply configuration names, and what a create
// adds to an empty object. Both walk the document along the API table.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "core/api/managed/field_set.h"
#include "core/api/schema/api_table.h"

namespace orrery::api::managed {

/// Leaves, map entries and list elements that a document of row `type` mentions (typed.ToFieldSet):
/// what its applier owns. Nothing is stripped.
FieldSet fields_of(const ApiTable& table, std::size_t type, const nlohmann::json& object);

/// What a create sets: all that differs from the empty object. For the built-in kinds that object
/// has the structs and zero values Go always writes; a custom resource starts with nothing.
FieldSet created_fields(const ApiTable& table, std::size_t type, const nlohmann::json& object,
                        bool custom_resource);

}  // namespace orrery::api::managed
