// PolicyRule: one rule of a Role or ClusterRole, compiled from its document once. What a rule
// allows, whether some rules cover others (escalation), and the compact text of error messages; all
// as upstream's rbac/validation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/auth/authorizer.h"

namespace orrery::apiserver {

struct PolicyRule {
  std::vector<std::string> verbs;
  std::vector<std::string> api_groups;
  std::vector<std::string> resources;
  std::vector<std::string> resource_names;
  std::vector<std::string> non_resource_urls;
  bool operator==(const PolicyRule&) const = default;

  bool allows(const RequestAttributes& attributes) const;
};

/// What of `wanted` no single rule of `held` grants, broken down to one verb on one resource each
/// (validation.Covers).
std::vector<PolicyRule> missing_rules(const std::vector<const PolicyRule*>& held,
                                      const std::vector<PolicyRule>& wanted);

/// Rules for the same one resource merged, verbs in order (validation.CompactRules).
std::vector<PolicyRule> compact(const std::vector<PolicyRule>& rules);

/// `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`
std::string compact_text(const PolicyRule& rule);

/// Go's %q of a list of strings: `["a" "b"]`.
std::string quoted_list(const std::vector<std::string>& texts);

}  // namespace orrery::apiserver
