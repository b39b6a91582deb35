// The documents of roles and bindings, read once when they change. Callers: RbacAuthorizer, the
// aggregation of ClusterRoles and escalation checks. What is malformed reads as empty: validation
// has seen the documents before.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/api/object.h"
#include "core/api/values/selector.h"
#include "core/apiserver/auth/policy_rule.h"
#include "core/apiserver/auth/rbac_index.h"

namespace orrery::apiserver {

/// `rules` of a Role or ClusterRole.
std::vector<PolicyRule> rules_of(const api::Object& role);
/// A RoleBinding or ClusterRoleBinding.
Binding binding_of(const api::Object& binding);
/// `aggregationRule.clusterRoleSelectors`; empty if the role does not aggregate.
std::vector<api::Selector> aggregation_selectors(const api::Object& role);
bool has_aggregation_rule(const api::Object& role);

/// The rules as the document's list, empty fields left out.
nlohmann::json rules_document(const std::vector<PolicyRule>& rules);

}  // namespace orrery::apiserver
