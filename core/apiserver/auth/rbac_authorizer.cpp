#include "core/apiserver/auth/rbac_authorizer.h"

#include <algorithm>

#include "core/apiserver/auth/rbac_documents.h"
#include "core/apiserver/auth/service_account_name.h"
#include "core/base/check.h"

namespace orrery::apiserver {

RbacAuthorizer::RbacAuthorizer(const api::Kinds& kinds, store::Store& store) : store_(store) {
  constexpr std::array<std::string_view, kSources> kResources{
      "roles", "clusterroles", "rolebindings", "clusterrolebindings"};
  for (std::size_t i = 0; i < kSources; ++i) {
    const api::KindInfo* info = kinds.find_resource("rbac.authorization.k8s.io", kResources[i]);
    CHECK(info != nullptr);
    kinds_[i] = info->id;
  }
  read_all();
  for (std::size_t i = 0; i < kSources; ++i) {
    const auto source = static_cast<Source>(i);
    auto subscription = store_.subscribe(kinds_[i], 0, [this, source] { follow(source); });
    CHECK(subscription.ok());
    subscriptions_[i] = std::move(*subscription);
    follow(source);  // arms it
  }
}

RbacAuthorizer::~RbacAuthorizer() = default;

void RbacAuthorizer::read_all() {
  for (std::size_t i = 0; i < kSources; ++i) {
    store_.table(kinds_[i]).for_each(
        [&](const api::ObjectRef& object) { put(static_cast<Source>(i), *object); });
  }
}

void RbacAuthorizer::follow(Source source) {
  while (const store::Change* change = subscriptions_[source]->next()) {
    if (change->type == WatchType::kDeleted) {
      remove(source, *change->now);
    } else {
      put(source, *change->now);
    }
  }
}

void RbacAuthorizer::put(Source source, const api::Object& object) {
  if (source == kRoles || source == kClusterRoles) {
    index_.put_role(object.meta.namespace_.view(), object.meta.name.view(), rules_of(object));
  } else {
    index_.put_binding(binding_of(object));
  }
}

void RbacAuthorizer::remove(Source source, const api::Object& object) {
  const std::string_view ns = object.meta.namespace_.view();
  if (source == kRoles || source == kClusterRoles) {
    index_.remove_role(ns, object.meta.name.view());
  } else {
    index_.remove_binding(ns, object.meta.name.view());
  }
}

Decision RbacAuthorizer::authorize(const RequestAttributes& a) {
  if (a.user.is_in(kMastersGroup)) return {true, {}};
  const RbacIndex::Grant* grant = nullptr;
  bool incomplete = false;
  const std::string_view ns = a.is_resource ? std::string_view(a.namespace_) : std::string_view();
  index_.visit(a.user, ns, [&](const RbacIndex::Grant& g) {
    if (!g.role->exists) incomplete = true;
    for (const PolicyRule& rule : g.role->rules) {
      if (!rule.allows(a)) continue;
      grant = &g;
      return false;
    }
    return true;
  });
  if (grant) return {true, grant->reason};
  if (!incomplete) return {};
  return {false, "RBAC: " + aggregate_text(missing_roles_for(a.user, ns))};
}

std::vector<const PolicyRule*> RbacAuthorizer::rules_for(const User& user,
                                                         std::string_view ns) const {
  std::vector<const PolicyRule*> rules;
  index_.visit(user, ns, [&](const RbacIndex::Grant& g) {
    for (const PolicyRule& rule : g.role->rules) rules.push_back(&rule);
    return true;
  });
  return rules;
}

std::vector<std::string> RbacAuthorizer::missing_roles_for(const User& user,
                                                           std::string_view ns) const {
  std::vector<std::string> missing;
  index_.visit(user, ns, [&](const RbacIndex::Grant& g) {
    if (!g.role->exists) missing.push_back(RbacIndex::missing_name(g.binding->role) + " not found");
    return true;
  });
  return missing;
}

std::string aggregate_text(const std::vector<std::string>& errors) {
  std::vector<std::string> seen;
  std::string joined;
  for (const std::string& error : errors) {
    if (std::find(seen.begin(), seen.end(), error) != seen.end()) continue;
    if (!seen.empty()) joined += ", ";
    joined += error;
    seen.push_back(error);
  }
  return seen.size() > 1 ? "[" + joined + "]" : joined;
}

}  // namespace orrery::apiserver
