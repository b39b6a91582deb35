// ClusterRoleAggregation: writes the rules of ClusterRoles that have an aggregationRule: the union
// of the roles that its selectors match, as upstream's clusterrole-aggregation controller, but next
// to the store, so that RBAC is whole without controllers. Level-triggered: any change of a
// ClusterRole makes it look at all of them on the loop's next turn. Make it after Store::load.
#pragma once

#include <memory>

#include "core/api/kind_registry.h"
#include "core/runtime/env.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class ClusterRoleAggregation {
 public:
  /// All outlive it; the loop may run past its end.
  ClusterRoleAggregation(Env& env, const api::Kinds& kinds, store::Store& store);
  ~ClusterRoleAggregation();

 private:
  struct Alive {};
  void follow();
  void reconcile_soon();
  void reconcile();
  void reconcile_one(const api::ObjectRef& role, const std::vector<api::ObjectRef>& roles);

  Env& env_;
  store::Store& store_;
  api::KindId kind_ = api::KindId::kNone;
  std::unique_ptr<store::Subscription> subscription_;
  bool is_posted_ = false;
  std::shared_ptr<Alive> alive_ = std::make_shared<Alive>();
};

}  // namespace orrery::apiserver
