#include "core/apiserver/auth/escalation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using test::AuthWorld;
using test::request;
using test::user;

constexpr std::string_view kReadPods =
    R"([{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}])";

std::string role_document(std::string_view kind, std::string_view rules,
                          std::string_view more = "") {
  return fmt::format(R"({{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"{}",
      "metadata":{{"name":"new"{}}},"rules":{}{}}})",
                     kind, kind == "Role" ? R"(,"namespace":"x")" : "", rules, more);
}

struct Escalation : testing::Test {
  AuthWorld world;
  User bob = user("bob", {"devs", "system:authenticated"});

  Status write(std::string_view asked, std::string_view document,
               const api::Object* old = nullptr) {
    const Ref<api::Object> fresh = world.object(document);
    return check_escalation(world.rbac, request(bob, asked), *fresh, old);
  }
  Status write_role(std::string_view rules) {
    return write("create rbac.authorization.k8s.io:roles in x", role_document("Role", rules));
  }
  Status write_cluster_role(std::string_view rules, std::string_view more = "") {
    return write("create rbac.authorization.k8s.io:clusterroles",
                 role_document("ClusterRole", rules, more));
  }
  Status bind(std::string_view role) {
    return write("create rbac.authorization.k8s.io:rolebindings in x",
                 test::binding_document("x", "new", role, "User:eve"));
  }
};

TEST_F(Escalation, ARoleThatGrantsMoreThanItsWriterHoldsIsForbiddenInUpstreamsWords) {
  world.cluster_role("reader", kReadPods);
  world.binding("x", "b", "ClusterRole/reader", "Group:devs");
  EXPECT_TRUE(write_role(kReadPods).ok());
  const Status status = write_role(R"([
      {"verbs":["get","create","delete"],"apiGroups":[""],"resources":["pods"]},
      {"verbs":["get"],"apiGroups":["apps"],"resources":["deployments"],
       "resourceNames":["a","b"]}])");
  EXPECT_TRUE(status.is(Reason::kForbidden));
  EXPECT_EQ(status.message(),
            "roles.rbac.authorization.k8s.io \"new\" is forbidden: user \"bob\" (groups=[\"devs\" "
            "\"system:authenticated\"]) is attempting to grant RBAC permissions not currently "
            "held:\n"
            "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"create\" \"delete\"]}\n"
            "{APIGroups:[\"apps\"], Resources:[\"deployments\"], ResourceNames:[\"a\"], "
            "Verbs:[\"get\"]}\n"
            "{APIGroups:[\"apps\"], Resources:[\"deployments\"], ResourceNames:[\"b\"], "
            "Verbs:[\"get\"]}");
  EXPECT_EQ(status.details().name, "new");
  EXPECT_EQ(status.details().kind, "roles");
  EXPECT_EQ(status.details().group, "rbac.authorization.k8s.io");
}

TEST_F(Escalation, WildcardsCoverOnlyWhatTheyName) {
  world.cluster_role("held", R"([
      {"verbs":["*"],"apiGroups":["apps"],"resources":["*"]},
      {"verbs":["get"],"apiGroups":[""],"resources":["*/status"]},
      {"verbs":["get"],"nonResourceURLs":["/api/*"]}])");
  world.cluster_binding("b", "ClusterRole/held", "User:bob");
  const struct {
    std::string_view rules;
    bool held;
  } kRows[] = {
      {R"([{"verbs":["delete"],"apiGroups":["apps"],"resources":["x/y","z"]}])", true},
      {R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods/status"]}])", true},
      {R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}])", false},
      {R"([{"verbs":["*"],"apiGroups":[""],"resources":["pods/status"]}])", false},
      {R"([{"verbs":["get"],"apiGroups":["*"],"resources":["*"]}])", false},
      {R"([{"verbs":["get"],"nonResourceURLs":["/api/v1","/api/*"]}])", true},
      {R"([{"verbs":["get"],"nonResourceURLs":["*"]}])", false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(write_cluster_role(row.rules).ok(), row.held) << row.rules;
  }
}

TEST_F(Escalation, RulesForCertainNamesDoNotCoverRulesForAll) {
  world.cluster_role("held", R"([{"verbs":["get"],"apiGroups":[""],"resources":["secrets"],
                                  "resourceNames":["a"]}])");
  world.cluster_binding("b", "ClusterRole/held", "User:bob");
  EXPECT_TRUE(write_cluster_role(R"([{"verbs":["get"],"apiGroups":[""],"resources":["secrets"],
                                      "resourceNames":["a"]}])")
                  .ok());
  EXPECT_FALSE(
      write_cluster_role(R"([{"verbs":["get"],"apiGroups":[""],"resources":["secrets"]}])").ok());
}

TEST_F(Escalation, TheVerbEscalateAndTheGroupMastersMayWriteAnyRole) {
  EXPECT_FALSE(write_role(kReadPods).ok());
  bob.groups.push_back("system:masters");
  EXPECT_TRUE(write_role(kReadPods).ok());
  bob.groups.pop_back();
  world.cluster_role("e", R"([{"verbs":["escalate"],"apiGroups":["rbac.authorization.k8s.io"],
                               "resources":["roles"]}])");
  world.cluster_binding("b", "ClusterRole/e", "User:bob");
  EXPECT_TRUE(write_role(kReadPods).ok());
  EXPECT_FALSE(write_cluster_role(kReadPods).ok());
}

TEST_F(Escalation, OnlyClusterAdminsMayAggregate) {
  constexpr std::string_view kAggregates =
      R"(,"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]})";
  const Status status = write_cluster_role("[]", kAggregates);
  EXPECT_EQ(status.message(),
            "clusterroles.rbac.authorization.k8s.io \"new\" is forbidden: must have cluster-admin "
            "privileges to use the aggregationRule");
  world.bootstrap();
  world.cluster_binding("b", "ClusterRole/cluster-admin", "User:bob");
  EXPECT_TRUE(write_cluster_role("[]", kAggregates).ok());
}

TEST_F(Escalation, BindingARoleNeedsItsRulesOrTheVerbBind) {
  world.cluster_role("reader", kReadPods);
  const Status status = bind("ClusterRole/reader");
  EXPECT_EQ(status.message(),
            "rolebindings.rbac.authorization.k8s.io \"new\" is forbidden: user \"bob\" "
            "(groups=[\"devs\" \"system:authenticated\"]) is attempting to grant RBAC permissions "
            "not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\" "
            "\"list\"]}");
  world.role("x", "binder", R"([{"verbs":["bind"],"apiGroups":["rbac.authorization.k8s.io"],
                                 "resources":["clusterroles"],"resourceNames":["reader"]}])");
  world.binding("x", "b", "Role/binder", "User:bob");
  EXPECT_TRUE(bind("ClusterRole/reader").ok());
  EXPECT_FALSE(write("create rbac.authorization.k8s.io:clusterrolebindings",
                     test::binding_document("", "new", "ClusterRole/reader", "User:eve"))
                   .ok());
}

TEST_F(Escalation, BindingARoleThatIsNotThereIsNotFound) {
  const Status status = bind("Role/gone");
  EXPECT_TRUE(status.is(Reason::kNotFound));
  EXPECT_EQ(status.message(), "role.rbac.authorization.k8s.io \"gone\" not found");
}

TEST_F(Escalation, ObjectsOfOtherKindsPass) {
  const std::string pod = R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}})";
  EXPECT_TRUE(write("create pods in x", pod).ok());
  EXPECT_TRUE(write("create rbac.authorization.k8s.io:roles in x", pod).ok());
}

TEST_F(Escalation, AnUpdateThatOnlyHelpsDeletionNeedsNoRights) {
  const Ref<api::Object> old = world.object(role_document("Role", kReadPods));
  const std::string asked = "update rbac.authorization.k8s.io:roles new in x";
  std::string document = role_document("Role", kReadPods);
  EXPECT_TRUE(write(asked, document, old.get()).ok());
  document.replace(document.find("\"list\""), 6, "\"watch\"");
  EXPECT_FALSE(write(asked, document, old.get()).ok());
}

}  // namespace
}  // namespace orrery::apiserver
