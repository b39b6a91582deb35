#include "core/apiserver/auth/cluster_role_aggregation.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/apiserver/auth/rbac_documents.h"
#include "core/base/check.h"

namespace orrery::apiserver {
namespace {

std::vector<PolicyRule> union_of(const api::Object& role,
                                 const std::vector<api::ObjectRef>& roles) {
  std::vector<PolicyRule> out;
  for (const api::Selector& selector : aggregation_selectors(role)) {
    for (const api::ObjectRef& other : roles) {
      if (other->meta.name == role.meta.name || !selector.matches(*other->meta.labels)) continue;
      for (PolicyRule& rule : rules_of(*other)) {
        if (std::find(out.begin(), out.end(), rule) == out.end()) out.push_back(std::move(rule));
      }
    }
  }
  return out;
}

}  // namespace

ClusterRoleAggregation::ClusterRoleAggregation(Env& env, const api::Kinds& kinds,
                                               store::Store& store)
    : env_(env), store_(store) {
  const api::KindInfo* info = kinds.find_resource("rbac.authorization.k8s.io", "clusterroles");
  CHECK(info != nullptr);
  kind_ = info->id;
  auto subscription = store_.subscribe(kind_, 0, [this] { follow(); });
  CHECK(subscription.ok());
  subscription_ = std::move(*subscription);
  follow();
  reconcile_soon();
}

ClusterRoleAggregation::~ClusterRoleAggregation() = default;

void ClusterRoleAggregation::follow() {
  bool changed = false;
  while (subscription_->next()) changed = true;
  if (changed) reconcile_soon();
}

void ClusterRoleAggregation::reconcile_soon() {
  if (is_posted_) return;
  is_posted_ = true;
  env_.loop.post([this, alive = std::weak_ptr<Alive>(alive_)] {
    if (alive.expired()) return;
    is_posted_ = false;
    reconcile();
  });
}

void ClusterRoleAggregation::reconcile() {
  const std::vector<api::ObjectRef> roles = store_.table(kind_).sorted();
  for (const api::ObjectRef& role : roles) {
    if (has_aggregation_rule(*role)) reconcile_one(role, roles);
  }
}

// A write that loses against another is made good by the look that the other one causes.
void ClusterRoleAggregation::reconcile_one(const api::ObjectRef& role,
                                           const std::vector<api::ObjectRef>& roles) {
  const std::vector<PolicyRule> wanted = union_of(*role, roles);
  if (wanted == rules_of(*role)) return;
  Ref<api::Object> copy = role->clone();
  auto& changed = static_cast<api::Dynamic&>(*copy);
  nlohmann::json body = changed.body ? changed.body.json() : nlohmann::json::object();
  body["rules"] = rules_document(wanted);
  changed.body = api::RawRef(std::move(body));
  store_.put(std::move(copy), role->meta.resource_version, [](Result<api::ObjectRef>) {});
}

}  // namespace orrery::apiserver
