#include "core/apiserver/auth/impersonation.h"

#include <gtest/gtest.h>

#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using test::AuthWorld;
using test::user;
using Texts = std::vector<std::string>;

HttpRequest with(std::vector<HttpHeader> headers) {
  HttpRequest request;
  request.path = "/api/v1/pods";
  request.headers = std::move(headers);
  return request;
}

struct Impersonation : testing::Test {
  AuthWorld world;
  Result<User> as_admin(std::vector<HttpHeader> headers) {
    return impersonate(world.rbac, user("admin", {"system:masters"}), with(std::move(headers)));
  }
  Result<User> as_bob(std::vector<HttpHeader> headers) {
    return impersonate(world.rbac, user("bob"), with(std::move(headers)));
  }
};

TEST_F(Impersonation, WithoutHeadersTheUserIsItself) {
  const Result<User> bob = as_bob({{"accept", "*/*"}});
  ASSERT_TRUE(bob.ok());
  EXPECT_EQ(bob->name, "bob");
  EXPECT_TRUE(bob->groups.empty());
}

TEST_F(Impersonation, TheUserTakesTheHeadersPartsAndIsAuthenticated) {
  const Result<User> eve = as_admin({{"impersonate-user", "eve"},
                                     {"impersonate-group", "g1"},
                                     {"impersonate-group", "g2"},
                                     {"impersonate-uid", "u-1"},
                                     {"impersonate-extra-scopes", "a"},
                                     {"impersonate-extra-acme.com%2fproject", "b"},
                                     {"impersonate-extra-scopes", "c"}});
  ASSERT_TRUE(eve.ok());
  EXPECT_EQ(eve->name, "eve");
  EXPECT_EQ(eve->uid, "u-1");
  EXPECT_EQ(eve->groups, (Texts{"g1", "g2", "system:authenticated"}));
  EXPECT_EQ(eve->extra.at("scopes"), (Texts{"a", "c"}));
  EXPECT_EQ(eve->extra.at("acme.com/project"), (Texts{"b"}));
}

TEST_F(Impersonation, AServiceAccountGetsItsGroupsUnlessOthersAreGiven) {
  const std::string name = "system:serviceaccount:ns:robot";
  EXPECT_EQ(as_admin({{"impersonate-user", name}})->groups,
            (Texts{"system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated"}));
  EXPECT_EQ(as_admin({{"impersonate-user", name}, {"impersonate-group", "g"}})->groups,
            (Texts{"g", "system:authenticated"}));
  EXPECT_EQ(as_admin({{"impersonate-user", "system:anonymous"}})->groups,
            (Texts{"system:unauthenticated"}));
}

TEST_F(Impersonation, EachPartIsAskedForWithTheVerbImpersonate) {
  EXPECT_EQ(as_bob({{"impersonate-user", "eve"}}).status().message(),
            "users \"eve\" is forbidden: User \"bob\" cannot impersonate resource \"users\" in API "
            "group \"\" at the cluster scope");
  EXPECT_EQ(as_bob({{"impersonate-user", "system:serviceaccount:ns:robot"}}).status().message(),
            "serviceaccounts \"robot\" is forbidden: User \"bob\" cannot impersonate resource "
            "\"serviceaccounts\" in API group \"\" in the namespace \"ns\"");
  world.cluster_role("i", R"([{"verbs":["impersonate"],"apiGroups":[""],"resources":["users"],
                               "resourceNames":["eve"]}])");
  world.cluster_binding("b", "ClusterRole/i", "User:bob");
  EXPECT_TRUE(as_bob({{"impersonate-user", "eve"}}).ok());
  EXPECT_EQ(as_bob({{"impersonate-user", "eve"}, {"impersonate-group", "g"}}).status().message(),
            "groups \"g\" is forbidden: User \"bob\" cannot impersonate resource \"groups\" in API "
            "group \"\" at the cluster scope");
  EXPECT_EQ(as_bob({{"impersonate-user", "eve"}, {"impersonate-extra-k", "v"}}).status().message(),
            "userextras.authentication.k8s.io \"v\" is forbidden: User \"bob\" cannot impersonate "
            "resource \"userextras/k\" in API group \"authentication.k8s.io\" at the cluster "
            "scope");
}

TEST_F(Impersonation, PartsWithoutAUserAreAnError) {
  EXPECT_TRUE(as_admin({{"impersonate-group", "g"}}).status().is(Reason::kInternalError));
}

}  // namespace
}  // namespace orrery::apiserver
