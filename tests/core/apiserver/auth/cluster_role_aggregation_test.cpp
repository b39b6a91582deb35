#include "core/apiserver/auth/cluster_role_aggregation.h"

#include <gtest/gtest.h>

#include "core/apiserver/auth/rbac_documents.h"
#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using test::AuthWorld;

constexpr std::string_view kSum = R"({"apiVersion":"rbac.authorization.k8s.io/v1",
    "kind":"ClusterRole","metadata":{"name":"sum"},"rules":null,
    "aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"add":"yes"}}]}})";

std::string part(std::string_view name, std::string_view label, std::string_view verb) {
  return std::string(R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole",
      "metadata":{"name":")")
      .append(name)
      .append(R"(","labels":{"add":")")
      .append(label)
      .append(R"("}},"rules":[{"verbs":[")")
      .append(verb)
      .append(R"("],"apiGroups":[""],"resources":["pods"]}]})");
}

std::vector<std::string> verbs_of(const AuthWorld& world, std::string_view role) {
  const api::KindInfo* info = world.kinds.find_resource(test::kRbacGroup, "clusterroles");
  std::vector<std::string> verbs;
  for (const PolicyRule& rule : rules_of(**world.store.find(info->id, Symbol(), role))) {
    verbs.insert(verbs.end(), rule.verbs.begin(), rule.verbs.end());
  }
  return verbs;
}

using Verbs = std::vector<std::string>;

TEST(ClusterRoleAggregation, TheUnionIsWrittenByNameAndFollowsEveryChange) {
  AuthWorld world;
  world.put(kSum);
  world.put(part("b", "yes", "list"));
  const ClusterRoleAggregation aggregation(world.env, world.kinds, world.store);
  world.run_for(1s);
  EXPECT_EQ(verbs_of(world, "sum"), Verbs{"list"});
  world.put(part("a", "yes", "get"));
  world.put(part("c", "no", "watch"));
  world.put(part("d", "yes", "get"));  // the same rule counts once
  world.run_for(1s);
  EXPECT_EQ(verbs_of(world, "sum"), (Verbs{"get", "list"}));
  world.remove("rbac.authorization.k8s.io/v1", "ClusterRole", "", "b");
  world.run_for(1s);
  EXPECT_EQ(verbs_of(world, "sum"), Verbs{"get"});
}

TEST(ClusterRoleAggregation, AggregatesOfAggregatesSettle) {
  AuthWorld world;
  world.put(kSum);
  world.put(R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole",
      "metadata":{"name":"middle","labels":{"add":"yes"}},
      "aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"add":"inner"}}]}})");
  world.put(part("leaf", "inner", "patch"));
  const ClusterRoleAggregation aggregation(world.env, world.kinds, world.store);
  world.run_for(1s);
  EXPECT_EQ(verbs_of(world, "sum"), Verbs{"patch"});
}

TEST(ClusterRoleAggregation, TheBootstrapRolesAreAlreadyTheUnionOfTheirParts) {
  AuthWorld world;
  world.bootstrap();
  const api::Revision before = world.store.revision();
  const ClusterRoleAggregation aggregation(world.env, world.kinds, world.store);
  world.run_for(1s);
  EXPECT_EQ(world.store.revision(), before);
}

}  // namespace
}  // namespace orrery::apiserver
