// RbacAuthorizer: upstream's RBAC authorizer with the privileged group before it: system:masters
// may do everything; others what the roles bound to them allow. It follows the store's roles and
// bindings, so that a write counts from the next request on. Make it after Store::load.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/kinds.h"
#include "core/apiserver/auth/authorizer.h"
#include "core/apiserver/auth/rbac_index.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class RbacAuthorizer final : public Authorizer {
 public:
  /// `kinds` holds the four kinds of rbac.authorization.k8s.io; both outlive the authorizer.
  RbacAuthorizer(const api::Kinds& kinds, store::Store& store);
  ~RbacAuthorizer() override;

  Decision authorize(const RequestAttributes& attributes) override;

  /// The rules that RBAC gives `user` in `ns`; good until the next write of a role or binding.
  std::vector<const PolicyRule*> rules_for(const User& user, std::string_view ns) const;
  /// What kept rules_for from being complete: `clusterrole.rbac.authorization.k8s.io "x" not
  /// found`, ...
  std::vector<std::string> missing_roles_for(const User& user, std::string_view ns) const;
  const RbacIndex& index() const { return index_; }

 private:
  enum Source { kRoles, kClusterRoles, kRoleBindings, kClusterRoleBindings, kSources };
  void follow(Source source);
  void read_all();
  void put(Source source, const api::Object& object);
  void remove(Source source, const api::Object& object);

  store::Store& store_;
  RbacIndex index_;
  std::array<api::KindId, kSources> kinds_{};
  std::array<std::unique_ptr<store::Subscription>, kSources> subscriptions_;
};

/// As utilerrors.Aggregate prints: "a", or "[a, b]"; equal texts once.
std::string aggregate_text(const std::vector<std::string>& errors);

}  // namespace orrery::apiserver
