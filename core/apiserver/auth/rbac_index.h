// RbacIndex: roles and bindings compiled to "subject -> rules", for the whole cluster and for each
// namespace. RbacAuthorizer keeps it up to date; it knows no store and no JSON. Entries of a
// subject are in the order of the bindings' names, so the answer does not depend on history.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/apiserver/auth/policy_rule.h"
#include "core/base/hash.h"

namespace orrery::apiserver {

/// A binding's roleRef.
struct RoleRef {
  std::string api_group;
  std::string kind;  // Role or ClusterRole
  std::string name;
};

struct Subject {
  std::string kind;  // User, Group or ServiceAccount
  std::string name;
  std::string namespace_;
};

/// A RoleBinding, or with an empty namespace a ClusterRoleBinding.
struct Binding {
  std::string namespace_;
  std::string name;
  RoleRef role;
  std::vector<Subject> subjects;
};

class RbacIndex {
 public:
  struct Role {
    bool exists = false;  // bindings may come before their role
    std::vector<PolicyRule> rules;
    std::size_t bindings = 0;  // that refer to it: it stays as long as it exists or they do
  };
  /// What one subject has by one binding.
  struct Grant {
    const Role* role = nullptr;
    const Binding* binding = nullptr;
    std::string reason;  // `RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to User "z"`
  };

  /// An empty namespace is a ClusterRole.
  void put_role(std::string_view ns, std::string_view name, std::vector<PolicyRule> rules);
  void remove_role(std::string_view ns, std::string_view name);
  void put_binding(Binding binding);
  void remove_binding(std::string_view ns, std::string_view name);

  /// The role that a binding in `ns` refers to; null if it is not there.
  const Role* find_role(const RoleRef& ref, std::string_view ns) const;

  /// Calls `visit(const Grant&)` for what `user` has in `ns` ("" = cluster scope only) until it
  /// returns false: cluster-wide grants before those of the namespace.
  template <class F>
  void visit(const User& user, std::string_view ns, F&& visit) const {
    if (!visit_in(cluster_, user, visit) || ns.empty()) return;
    const auto it = namespaces_.find(ns);
    if (it != namespaces_.end()) visit_in(it->second, user, visit);
  }

  /// `clusterrole.rbac.authorization.k8s.io "x"`: how upstream names a role that is missing.
  static std::string missing_name(const RoleRef& ref);

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return hash_text(text); }
  };
  using Grants = std::unordered_map<std::string, std::vector<Grant>, TextHash, std::equal_to<>>;
  struct Scope {
    Grants by_user;  // service accounts by their user names
    Grants by_group;
  };
  using Key = std::pair<std::string, std::string>;  // namespace, name

  template <class F>
  static bool visit_in(const Scope& scope, const User& user, F& visit) {
    if (!visit_of(scope.by_user, user.name, visit)) return false;
    for (const std::string& group : user.groups) {
      if (!visit_of(scope.by_group, group, visit)) return false;
    }
    return true;
  }
  template <class F>
  static bool visit_of(const Grants& grants, const std::string& subject, F& visit) {
    const auto it = grants.find(subject);
    if (it == grants.end()) return true;
    for (const Grant& grant : it->second) {
      if (!visit(grant)) return false;
    }
    return true;
  }

  Role& role_at(const Key& key);
  void forget_unused(const Key& key);
  static Key role_key(const RoleRef& ref, std::string_view ns);
  static void drop(Grants& grants, const std::string& subject, const Binding& binding);

  std::map<Key, std::unique_ptr<Role>> roles_;  // grants point here
  std::map<Key, std::unique_ptr<Binding>> bindings_;
  Scope cluster_;
  std::unordered_map<std::string, Scope, TextHash, std::equal_to<>> namespaces_;
};

}  // namespace orrery::apiserver
