// What kube-apiserver does to a CustomResourceDefinition (apiextensions.k8s.io/v1) before it stores
// it: defaults, preparation, validation, with upstream's paths and texts. A row of kind_table.cpp
// calls these functions; definition_warnings is for the API server's create and update.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// singular, listKind, conversion None, the port of a webhook's service, storedVersions.
void default_definition(nlohmann::json& definition);
/// Adds the storage version to status.storedVersions where it is missing.
void prepare_definition(nlohmann::json& definition);
/// Status of a created CRD, as Go writes the empty one.
inline constexpr char kNewDefinitionStatus[] =
    R"({"conditions":null,"acceptedNames":{"plural":"","kind":""}})";

void check_definition(FieldErrors& errors, const nlohmann::json& definition);
void check_definition_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_definition_status(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);

/// Formats that are not known and sets of objects; `old` null on create (what the old one had is
/// not repeated).
std::vector<std::string> definition_warnings(const nlohmann::json& now, const nlohmann::json* old);

}  // namespace orrery::api
