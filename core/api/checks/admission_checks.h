// Defaults and checks of admissionregistration.k8s.io: webhook configurations, admission policies
// and their bindings.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_webhooks(nlohmann::json& configuration);
/// The same, and reinvocationPolicy.
void default_mutating_webhooks(nlohmann::json& configuration);
void check_webhooks(FieldErrors& errors, const nlohmann::json& configuration);
void check_webhooks_update(FieldErrors& errors, const nlohmann::json& now,
                           const nlohmann::json& old);

void default_admission_policy(nlohmann::json& policy);
void check_admission_policy(FieldErrors& errors, const nlohmann::json& policy);
void default_policy_binding(nlohmann::json& binding);
void check_policy_binding(FieldErrors& errors, const nlohmann::json& binding);

/// operations, apiGroups, apiVersions, resources and scope of a rule.
void check_operation_rule(FieldErrors& errors, const nlohmann::json& rule, const Path& path);

}  // namespace orrery::api
