#include "core/apiserver/auth/rbac_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/api/values/quoted.h"
#include "core/apiserver/auth/service_account_name.h"

namespace orrery::apiserver {
namespace {

using api::quoted;

// The name under which a subject is looked up; "" if the subject can be nobody.
std::string lookup_name(const Subject& subject, const std::string& binding_namespace) {
  if (subject.kind != "ServiceAccount") return subject.name;
  const std::string& ns = subject.namespace_.empty() ? binding_namespace : subject.namespace_;
  return ns.empty() ? std::string() : service_account_user_name(ns, subject.name);
}

std::string subject_text(const Subject& subject, const std::string& binding_namespace) {
  if (subject.kind != "ServiceAccount") return subject.kind + " " + quoted(subject.name);
  const std::string& ns = subject.namespace_.empty() ? binding_namespace : subject.namespace_;
  return subject.kind + " " + quoted(subject.name + "/" + ns);
}

std::string reason_text(const Binding& b, const Subject& subject) {
  const bool cluster = b.namespace_.empty();
  return fmt::format("RBAC: allowed by {} {} of {} {} to {}",
                     cluster ? "ClusterRoleBinding" : "RoleBinding",
                     quoted(cluster ? b.name : b.name + "/" + b.namespace_), b.role.kind,
                     quoted(b.role.name), subject_text(subject, b.namespace_));
}

bool comes_before(const RbacIndex::Grant& a, const std::string& name) {
  return a.binding->name < name;
}

}  // namespace

void RbacIndex::put_role(std::string_view ns, std::string_view name,
                         std::vector<PolicyRule> rules) {
  Role& role = role_at(ns, name);
  role.exists = true;
  role.rules = std::move(rules);
}

void RbacIndex::remove_role(std::string_view ns, std::string_view name) {
  Role& role = role_at(ns, name);
  role.exists = false;
  role.rules.clear();
}

void RbacIndex::put_binding(Binding binding) {
  remove_binding(binding.namespace_, binding.name);
  Key key(binding.namespace_, binding.name);
  const Binding& b =
      *(bindings_[std::move(key)] = std::make_unique<Binding>(std::move(binding)));
  const bool cluster_role = b.role.kind == "ClusterRole";
  if (!cluster_role && b.namespace_.empty()) return;  // validation does not let it be
  const Role& role = role_at(cluster_role ? "" : b.namespace_, b.role.name);
  Scope& scope = b.namespace_.empty() ? cluster_ : namespaces_[b.namespace_];
  for (const Subject& subject : b.subjects) {
    const std::string name = lookup_name(subject, b.namespace_);
    if (name.empty()) continue;
    std::vector<Grant>& grants = (subject.kind == "Group" ? scope.groups : scope.users)[name];
    const auto at = std::lower_bound(grants.begin(), grants.end(), b.name, comes_before);
    grants.insert(at, Grant{&role, &b, reason_text(b, subject)});
  }
}

void RbacIndex::drop(Grants& grants, const std::string& subject, const Binding& binding) {
  const auto it = grants.find(subject);
  if (it == grants.end()) return;
  std::erase_if(it->second, [&](const Grant& g) { return g.binding == &binding; });
  if (it->second.empty()) grants.erase(it);
}

void RbacIndex::remove_binding(std::string_view ns, std::string_view name) {
  const auto it = bindings_.find(Key(ns, name));
  if (it == bindings_.end()) return;
  const Binding& b = *it->second;
  Scope& scope = b.namespace_.empty() ? cluster_ : namespaces_[b.namespace_];
  for (const Subject& subject : b.subjects) {
    drop(subject.kind == "Group" ? scope.groups : scope.users,
         lookup_name(subject, b.namespace_), b);
  }
  if (!b.namespace_.empty() && scope.users.empty() && scope.groups.empty()) {
    namespaces_.erase(b.namespace_);
  }
  bindings_.erase(it);
}

void RbacIndex::clear() {
  cluster_ = {};
  namespaces_.clear();
  bindings_.clear();
  roles_.clear();
}

RbacIndex::Role& RbacIndex::role_at(std::string_view ns, std::string_view name) {
  std::unique_ptr<Role>& role = roles_[Key(ns, name)];
  if (!role) role = std::make_unique<Role>();
  return *role;
}

const RbacIndex::Role* RbacIndex::find_role(const RoleRef& ref, std::string_view ns) const {
  const auto it = roles_.find(Key(ref.kind == "ClusterRole" ? "" : ns, ref.name));
  return it != roles_.end() && it->second->exists ? it->second.get() : nullptr;
}

std::string RbacIndex::missing_name(const RoleRef& ref) {
  return fmt::format("{}.rbac.authorization.k8s.io {}",
                     ref.kind == "ClusterRole" ? "clusterrole" : "role", quoted(ref.name));
}

}  // namespace orrery::apiserver
