#include "core/apiserver/auth/rbac_authorizer.h"

#include <gtest/gtest.h>

#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using test::AuthWorld;
using test::request;
using test::user;

struct Row {
  std::string_view asked;
  bool allowed;
};

void expect_all(AuthWorld& world, const User& who, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(world.rbac.authorize(request(who, row.asked)).allowed, row.allowed)
        << who.name << ": " << row.asked;
  }
}

TEST(RbacAuthorizer, AllowsWhatSomeRuleOfABoundRoleAllowsAndNothingElse) {
  AuthWorld world;
  world.cluster_role("r", R"([
      {"verbs":["get","list"],"apiGroups":[""],"resources":["pods","pods/log"]},
      {"verbs":["*"],"apiGroups":["apps"],"resources":["*"]},
      {"verbs":["update"],"apiGroups":["*"],"resources":["*/scale"]},
      {"verbs":["delete"],"apiGroups":[""],"resources":["secrets"],"resourceNames":["a","b"]},
      {"verbs":["get"],"nonResourceURLs":["/healthz","/api/*"]}])");
  world.cluster_binding("b", "ClusterRole/r", "User:bob");
  expect_all(world, user("bob"),
             {{"get pods web in x", true},
              {"list pods", true},
              {"watch pods", false},
              {"get pods/log web in x", true},
              {"get pods/exec web in x", false},
              {"get services s in x", false},
              {"get batch:pods web", false},
              {"deletecollection apps:deployments in x", true},
              {"get apps:deployments/status d in x", true},
              {"update batch:jobs/scale j in x", true},
              {"update batch:jobs j in x", false},
              {"update batch:jobs/status j in x", false},
              {"delete secrets a in x", true},
              {"delete secrets c in x", false},
              {"delete secrets in x", false},
              {"get /healthz", true},
              {"get /healthz/x", false},
              {"get /api/v1", true},
              {"get /api", false},
              {"post /healthz", false}});
  expect_all(world, user("alice"), {{"get pods web in x", false}, {"get /healthz", false}});
}

TEST(RbacAuthorizer, ARoleBindingCountsInItsNamespaceOnly) {
  AuthWorld world;
  world.cluster_role("c", R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}])");
  world.role("x", "r", R"([{"verbs":["get"],"apiGroups":[""],"resources":["secrets"]}])");
  world.binding("x", "b1", "ClusterRole/c", "Group:devs");
  world.binding("x", "b2", "Role/r", "Group:devs");
  expect_all(world, user("alice", {"system:authenticated", "devs"}),
             {{"get pods p in x", true},
              {"get secrets s in x", true},
              {"get pods p in y", false},
              {"get pods p", false}});
}

TEST(RbacAuthorizer, AClusterBindingOfANamespacedRoleGrantsNothing) {
  AuthWorld world;
  world.cluster_role("r", R"([{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}])");
  world.cluster_binding("b", "Role/r", "User:bob");
  expect_all(world, user("bob"), {{"get pods p", false}, {"get pods p in x", false}});
}

TEST(RbacAuthorizer, AServiceAccountIsKnownByItsUserNameAndTakesTheBindingsNamespace) {
  AuthWorld world;
  world.cluster_role("c", R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}])");
  world.binding("x", "own", "ClusterRole/c", "ServiceAccount:robot");
  world.cluster_binding("far", "ClusterRole/c", "ServiceAccount:y/robot");
  expect_all(world, user("system:serviceaccount:x:robot"),
             {{"get pods p in x", true}, {"get pods p in y", false}});
  expect_all(world, user("system:serviceaccount:y:robot"), {{"get pods p in z", true}});
}

TEST(RbacAuthorizer, MembersOfMastersMayDoEverythingWithoutAnyRole) {
  AuthWorld world;
  const Decision decision =
      world.rbac.authorize(request(user("admin", {"system:masters"}), "delete nodes n"));
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.reason, "");
}

TEST(RbacAuthorizer, EveryWriteOfARoleOrBindingCountsFromTheNextRequestOn) {
  AuthWorld world;
  const RequestAttributes asked = request(user("bob"), "get pods p in x");
  const auto allowed = [&] { return world.rbac.authorize(asked).allowed; };
  world.binding("x", "b", "Role/r", "User:bob");  // before its role
  EXPECT_FALSE(allowed());
  world.role("x", "r", R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}])");
  EXPECT_TRUE(allowed());
  world.role("x", "r", "[]");
  EXPECT_FALSE(allowed());
  world.role("x", "r", R"([{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}])");
  EXPECT_TRUE(allowed());
  world.binding("x", "b", "Role/r", "User:carol");
  EXPECT_FALSE(allowed());
  world.binding("x", "b", "Role/r", "User:bob");
  EXPECT_TRUE(allowed());
  world.remove("rbac.authorization.k8s.io/v1", "RoleBinding", "x", "b");
  EXPECT_FALSE(allowed());
  world.binding("x", "b", "Role/r", "User:bob");
  world.remove("rbac.authorization.k8s.io/v1", "Role", "x", "r");
  EXPECT_FALSE(allowed());
}

TEST(RbacAuthorizer, ReadsWhatTheStoreHeldBeforeIt) {
  AuthWorld world;
  world.cluster_role("c", R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}])");
  world.cluster_binding("b", "ClusterRole/c", "User:bob");
  RbacAuthorizer late(world.kinds, world.store);
  EXPECT_TRUE(late.authorize(request(user("bob"), "get pods p")).allowed);
}

TEST(RbacAuthorizer, SaysWhichBindingAllowedARequest) {
  AuthWorld world;
  world.cluster_role("y", R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}])");
  world.role("ns", "r", R"([{"verbs":["list"],"apiGroups":[""],"resources":["pods"]}])");
  world.cluster_binding("x", "ClusterRole/y", "User:z");
  world.binding("ns", "x", "Role/r", "Group:devs");
  world.binding("ns", "w", "ClusterRole/y", "ServiceAccount:robot");
  EXPECT_EQ(world.rbac.authorize(request(user("z"), "get pods p in q")).reason,
            "RBAC: allowed by ClusterRoleBinding \"x\" of ClusterRole \"y\" to User \"z\"");
  EXPECT_EQ(world.rbac.authorize(request(user("a", {"devs"}), "list pods in ns")).reason,
            "RBAC: allowed by RoleBinding \"x/ns\" of Role \"r\" to Group \"devs\"");
  const User robot = user("system:serviceaccount:ns:robot");
  EXPECT_EQ(world.rbac.authorize(request(robot, "get pods p in ns")).reason,
            "RBAC: allowed by RoleBinding \"w/ns\" of ClusterRole \"y\" to ServiceAccount "
            "\"robot/ns\"");
}

TEST(RbacAuthorizer, ARefusalNamesBoundRolesThatAreMissing) {
  AuthWorld world;
  world.cluster_binding("a", "ClusterRole/gone", "User:bob");
  const RequestAttributes asked = request(user("bob"), "get pods p in x");
  EXPECT_EQ(world.rbac.authorize(asked).reason,
            "RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found");
  world.binding("x", "b", "Role/lost", "User:bob");
  EXPECT_EQ(world.rbac.authorize(asked).reason,
            "RBAC: [clusterrole.rbac.authorization.k8s.io \"gone\" not found, "
            "role.rbac.authorization.k8s.io \"lost\" not found]");
}

TEST(RbacAuthorizer, ForbiddenRequestsReadAsUpstreams) {
  const struct {
    std::string_view asked, message, kind, group;
  } kRows[] = {
      {"list pods",
       "pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" at the "
       "cluster scope",
       "pods", ""},
      {"get apps:deployments/scale web in x",
       "deployments.apps \"web\" is forbidden: User \"bob\" cannot get resource "
       "\"deployments/scale\" in API group \"apps\" in the namespace \"x\"",
       "deployments", "apps"},
      {"get /x<y", "forbidden: User \"bob\" cannot get path \"/x&lt;y\"", "", ""},
  };
  for (const auto& row : kRows) {
    const Status status = forbidden(request(user("bob"), row.asked), "");
    EXPECT_TRUE(status.is(Reason::kForbidden));
    EXPECT_EQ(status.message(), row.message);
    EXPECT_EQ(status.details().kind, row.kind);
    EXPECT_EQ(status.details().group, row.group);
  }
  EXPECT_EQ(forbidden(request(user("bob"), "get /x"), "why").message(),
            "forbidden: User \"bob\" cannot get path \"/x\": why");
}

TEST(RbacAuthorizer, TheDefaultRolesGiveViewersEditorsAndAdminsWhatTheirNamesSay) {
  AuthWorld world;
  world.bootstrap();
  world.binding("x", "v", "ClusterRole/view", "User:viewer");
  world.binding("x", "e", "ClusterRole/edit", "User:editor");
  world.binding("x", "a", "ClusterRole/admin", "User:owner");
  world.cluster_binding("ops", "ClusterRole/cluster-admin", "Group:ops");
  expect_all(world, user("viewer"),
             {{"list pods in x", true},
              {"get pods/log p in x", true},
              {"list pods in y", false},
              {"get secrets s in x", false},
              {"create pods in x", false}});
  expect_all(world, user("editor"),
             {{"create apps:deployments in x", true},
              {"get secrets s in x", true},
              {"create pods/exec p in x", true},
              {"create rbac.authorization.k8s.io:roles in x", false}});
  expect_all(world, user("owner"),
             {{"create rbac.authorization.k8s.io:roles in x", true}, {"get nodes n", false}});
  expect_all(world, user("eve", {"ops"}), {{"delete nodes n", true}, {"get /metrics", true}});
  expect_all(world, user("bob", {"system:authenticated"}),
             {{"create authorization.k8s.io:selfsubjectaccessreviews", true},
              {"get /apis/apps", true},
              {"get /metrics", false},
              {"list pods in x", false}});
}

}  // namespace
}  // namespace orrery::apiserver
