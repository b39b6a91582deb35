// Checks of a CRD's spec and names (upstream's validateCustomResourceDefinitionSpec). Called by
// definition_checks.cpp.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"
#include "core/api/custom/schema_rules.h"

namespace orrery::api {

struct DefinitionRules {
  SchemaRules schema;
  bool schema_required = true;
  bool known_review_versions = true;
};

void check_definition_spec(FieldErrors& errors, const nlohmann::json& spec,
                           const DefinitionRules& rules, const Path& path);
/// spec.names and status.acceptedNames.
void check_definition_names(FieldErrors& errors, const nlohmann::json& names, const Path& path);
void check_printer_column(FieldErrors& errors, const nlohmann::json& column, const Path& path);
void check_custom_subresources(FieldErrors& errors, const nlohmann::json* subresources,
                               const Path& path);
void check_conversion(FieldErrors& errors, const nlohmann::json& conversion, bool known_versions,
                      const Path& path);

}  // namespace orrery::api
