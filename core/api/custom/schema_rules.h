// Checks of one schema of a CRD: structure, keywords that are not allowed, list and map types,
// defaults (upstream's validateCustomResourceDefinitionValidation). The checks of CRDs call it.
// CEL rules are looked at from outside only (not compiled).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// What an update does not insist on because the old object broke it already.
struct SchemaRules {
  bool structural = true;
  bool valid_types = true;
  bool pruned_defaults = true;
  bool set_items = true;
  bool map_keys = true;
};

/// `validation`: {openAPIV3Schema}; `has_status`: the status subresource is on.
FieldErrors check_validation(const nlohmann::json& validation, bool has_status,
                             const SchemaRules& rules, const Path& path);

/// The rules for keys and items of lists of type map and set, of one node.
FieldErrors check_list_keys(const nlohmann::json& schema, const Path& path);

/// Calls `visit` for a schema and all below; stops where it answers true, and answers that.
bool any_schema(const nlohmann::json& schema, bool (*visit)(const nlohmann::json& schema));

/// Deeper schemas are refused (upstream has no such limit).
inline constexpr int kSchemaDepthMax = 256;

}  // namespace orrery::api
