#include "core/apiserver/auth/escalation.h"

#include <fmt/format.h>

#include <set>

#include "core/api/values/quoted.h"
#include "core/apiserver/auth/rbac_documents.h"
#include "core/apiserver/auth/service_account_name.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kGroup = "rbac.authorization.k8s.io";

// What ConfirmNoEscalation says; "" if the user holds all of `wanted`.
std::string escalation_text(const RbacAuthorizer& authorizer, const User& user, std::string_view ns,
                            const std::vector<PolicyRule>& wanted) {
  const std::vector<PolicyRule> missing = missing_rules(authorizer.rules_for(user, ns), wanted);
  if (missing.empty()) return {};
  std::set<std::string> lines;
  for (const PolicyRule& rule : compact(missing)) lines.insert(compact_text(rule));
  std::string out =
      fmt::format("user {} (groups={}) is attempting to grant RBAC permissions not currently held:",
                  api::quoted(user.name), quoted_list(user.groups));
  for (const std::string& line : lines) out.append("\n").append(line);
  const std::vector<std::string> errors = authorizer.missing_roles_for(user, ns);
  if (!errors.empty()) {
    out.append("; resolution errors: [").append(aggregate_text(errors)).append("]");
  }
  return out;
}

Status as_status(const RequestAttributes& request, const api::Object& fresh, std::string why) {
  if (why.empty()) return Status();
  return forbidden_because(kGroup, request.resource, fresh.meta.name.view(), why);
}

// rbac.IsOnlyMutatingGCFields: all but owner references and finalizers (and what every write
// changes) is as it was.
bool changes_for_deletion_only(const api::Object& fresh, const api::Object* old) {
  if (!old) return false;
  const auto* a = static_cast<const api::Dynamic*>(&fresh);
  const auto* b = static_cast<const api::Dynamic*>(old);
  return a->body == b->body && a->meta.labels == b->meta.labels &&
         a->meta.annotations == b->meta.annotations;
}

bool has_verb(RbacAuthorizer& authorizer, const RequestAttributes& request, std::string_view verb,
              std::string_view resource, std::string_view name, std::string_view version) {
  RequestAttributes asked;
  asked.user = request.user;
  asked.verb = verb;
  asked.api_group = kGroup;
  asked.api_version = version;
  asked.resource = resource;
  asked.name = name;
  asked.namespace_ = request.namespace_;
  return authorizer.authorize(asked).allowed;
}

Status check_role(RbacAuthorizer& authorizer, const RequestAttributes& request,
                  const api::Object& fresh, const api::Object* old) {
  if (has_verb(authorizer, request, "escalate", request.resource, fresh.meta.name.view(),
               request.api_version)) {
    return Status();
  }
  if (changes_for_deletion_only(fresh, old)) return Status();
  std::string why = escalation_text(authorizer, request.user, request.namespace_, rules_of(fresh));
  const bool aggregates = request.resource == "clusterroles" &&
                          (has_aggregation_rule(fresh) || (old && has_aggregation_rule(*old)));
  if (why.empty() && aggregates) {
    const std::vector<PolicyRule> everything{{{"*"}, {"*"}, {"*"}, {}, {}},
                                             {{"*"}, {}, {}, {}, {"*"}}};
    if (!escalation_text(authorizer, request.user, {}, everything).empty()) {
      why = "must have cluster-admin privileges to use the aggregationRule";
    }
  }
  return as_status(request, fresh, std::move(why));
}

Status check_binding(RbacAuthorizer& authorizer, const RequestAttributes& request,
                     const api::Object& fresh, const api::Object* old) {
  if (changes_for_deletion_only(fresh, old)) return Status();
  const Binding binding = binding_of(fresh);
  const std::string_view resource = binding.role.kind == "ClusterRole" ? "clusterroles" : "roles";
  if (has_verb(authorizer, request, "bind", resource, binding.role.name, "*")) return Status();
  const RbacIndex::Role* role = authorizer.index().find_role(binding.role, request.namespace_);
  if (!role) {
    return not_found(binding.role.kind == "ClusterRole" ? "clusterrole.rbac.authorization.k8s.io"
                                                        : "role.rbac.authorization.k8s.io",
                     binding.role.name);
  }
  return as_status(request, fresh,
                   escalation_text(authorizer, request.user, request.namespace_, role->rules));
}

}  // namespace

Status check_escalation(RbacAuthorizer& authorizer, const RequestAttributes& request,
                        const api::Object& fresh, const api::Object* old) {
  if (request.api_group != kGroup || request.user.is_in(kMastersGroup)) return Status();
  if (!dynamic_cast<const api::Dynamic*>(&fresh)) return Status();  // no kind of this group
  if (request.resource == "roles" || request.resource == "clusterroles") {
    return check_role(authorizer, request, fresh, old);
  }
  if (request.resource == "rolebindings" || request.resource == "clusterrolebindings") {
    return check_binding(authorizer, request, fresh, old);
  }
  return Status();
}

}  // namespace orrery::apiserver
