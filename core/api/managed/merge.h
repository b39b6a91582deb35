// Merging an apply configuration into an object, and taking owned items out again
// (structured-merge-diff's merge and remove). Only apply.cpp calls it.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "core/api/managed/field_set.h"
#include "core/api/schema/api_table.h"

namespace orrery::api::managed {

/// `config` over `live`: values of the configuration win, lists that are owned by element are
/// merged (in the configuration's order where it changes something), atomic ones replaced. Nothing
/// is removed. A null in the result means "not set".
nlohmann::json merge_config(const ApiTable& table, std::size_t type, const nlohmann::json& live,
                            const nlohmann::json& config);

/// `object` without the fields and elements that are members of `items`. What becomes empty is
/// null.
nlohmann::json without_items(const ApiTable& table, std::size_t type, const nlohmann::json& object,
                             const FieldSet& items);

/// `set` with the declared fields on its paths as members too: "a.b.c" owns "a" if that is a struct
/// field.
FieldSet with_named_fields(const ApiTable& table, std::size_t type, const FieldSet& set);

}  // namespace orrery::api::managed
