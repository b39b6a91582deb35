// Defaults and checks of rbac.authorization.k8s.io: roles and bindings. Their names only must fit
// into a URL.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void check_role(FieldErrors& errors, const nlohmann::json& role);
void check_role_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_cluster_role(FieldErrors& errors, const nlohmann::json& role);
void check_cluster_role_update(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);

/// API groups of the role and the subjects.
void default_role_binding(nlohmann::json& binding);
void check_role_binding(FieldErrors& errors, const nlohmann::json& binding);
void check_role_binding_update(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);
void check_cluster_role_binding(FieldErrors& errors, const nlohmann::json& binding);
void check_cluster_role_binding_update(FieldErrors& errors, const nlohmann::json& now,
                                       const nlohmann::json& old);

}  // namespace orrery::api
