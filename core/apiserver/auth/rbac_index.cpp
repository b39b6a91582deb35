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

// A Role at the cluster scope; validation lets nobody write such a reference.
bool is_nowhere(const RoleRef& ref, std::string_view ns) {
  return ref.kind != "ClusterRole" && ns.empty();
}

bool comes_before(const RbacIndex::Grant& a, const std::string& name) {
  return a.binding->name < name;
}

}  // namespace

void RbacIndex::put_role(std::string_view ns, std::string_view name,
                         std::vector<PolicyRule> rules) {
  Role& role = role_at(Key(ns, name));
  role.exists = true;
  role.rules = std::move(rules);
}

void RbacIndex::remove_role(std::string_view ns, std::string_view name) {
  const Key key(ns, name);
  Role& role = role_at(key);
  role.exists = false;
  role.rules.clear();
  forget_unused(key);
}

void RbacIndex::put_binding(Binding binding) {
  remove_binding(binding.namespace_, binding.name);
  if (is_nowhere(binding.role, binding.namespace_)) return;
  Key key(binding.namespace_, binding.name);
  const Binding& b = *(bindings_[std::move(key)] = std::make_unique<Binding>(std::move(binding)));
  Role& role = role_at(role_key(b.role, b.namespace_));
  ++role.bindings;
  Scope& scope = b.namespace_.empty() ? cluster_ : namespaces_[b.namespace_];
  for (const Subject& subject : b.subjects) {
    const std::string name = lookup_name(subject, b.namespace_);
    if (name.empty()) continue;
    std::vector<Grant>& entries = (subject.kind == "Group" ? scope.by_group : scope.by_user)[name];
    const auto at = std::lower_bound(entries.begin(), entries.end(), b.name, comes_before);
    entries.insert(at, Grant{&role, &b, reason_text(b, subject)});
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
    drop(subject.kind == "Group" ? scope.by_group : scope.by_user,
         lookup_name(subject, b.namespace_), b);
  }
  if (!b.namespace_.empty() && scope.by_user.empty() && scope.by_group.empty()) {
    namespaces_.erase(b.namespace_);
  }
  const Key key = role_key(b.role, b.namespace_);
  --role_at(key).bindings;
  bindings_.erase(it);
  forget_unused(key);
}

RbacIndex::Key RbacIndex::role_key(const RoleRef& ref, std::string_view ns) {
  return Key(ref.kind == "ClusterRole" ? std::string_view() : ns, ref.name);
}

RbacIndex::Role& RbacIndex::role_at(const Key& key) {
  std::unique_ptr<Role>& role = roles_[key];
  if (!role) role = std::make_unique<Role>();
  return *role;
}

void RbacIndex::forget_unused(const Key& key) {
  const auto it = roles_.find(key);
  if (it != roles_.end() && !it->second->exists && it->second->bindings == 0) roles_.erase(it);
}

const RbacIndex::Role* RbacIndex::find_role(const RoleRef& ref, std::string_view ns) const {
  if (is_nowhere(ref, ns)) return nullptr;
  const auto it = roles_.find(role_key(ref, ns));
  return it != roles_.end() && it->second->exists ? it->second.get() : nullptr;
}

std::string RbacIndex::missing_name(const RoleRef& ref) {
  return fmt::format("{}.rbac.authorization.k8s.io {}",
                     ref.kind == "ClusterRole" ? "clusterrole" : "role", quoted(ref.name));
}

}  // namespace orrery::apiserver
