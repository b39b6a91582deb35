// What a schema does to a custom resource besides saying that it is wrong: defaults, pruning, and
// the rules for lists of type set and map and for embedded resources. CustomResource calls it, and
// the checks of the defaults in CRDs. All functions leave alone what does not fit the schema.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/checks/field_error.h"
#include "core/api/custom/schema.h"

namespace orrery::api {

/// Removes nulls that are neither nullable nor have a default, then sets defaults. Idempotent.
void apply_schema_defaults(const Schema& schema, nlohmann::json& value);

/// Removes the fields that the schema does not name and answers their paths, sorted
/// ("spec.list[0].z"). `is_root`: apiVersion, kind and metadata stay whatever the schema says.
/// Idempotent.
std::vector<std::string> prune_by_schema(const Schema& schema, nlohmann::json& value, bool is_root);

/// Equal elements in lists of type set, equal keys in lists of type map.
void check_list_types(FieldErrors& errors, const Schema& schema, const nlohmann::json& value,
                      const std::string& path = {});

/// apiVersion, kind and metadata of embedded resources (x-kubernetes-embedded-resource).
void check_embedded(FieldErrors& errors, const Schema& schema, const nlohmann::json& value,
                    const std::string& path = {});

}  // namespace orrery::api
