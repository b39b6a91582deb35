// Plugin LimitRanger, custom resources and namespaces, as clients meet them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/core/apiserver/wire/wire_client.h"

namespace orrery::test {
namespace {

using nlohmann::json;

constexpr const char* kPods = "/api/v1/namespaces/default/pods";

std::string pod(const std::string& name, const std::string& resources = "{}") {
  return R"({"metadata":{"name":")" + name +
         R"("},"spec":{"containers":[{"name":"c","image":"i","resources":)" + resources + "}]}}";
}

WireClient with_account() {
  WireClient client;
  client.post("/api/v1/namespaces/default/serviceaccounts", R"({"metadata":{"name":"default"}})");
  return client;
}

void limit(WireClient& client, const std::string& item) {
  const auto made = client.post("/api/v1/namespaces/default/limitranges",
                                R"({"metadata":{"name":"l"},"spec":{"limits":[)" + item + "]}}");
  ASSERT_EQ(made->status, 201) << made->body;
}

TEST(LimitRanges, GiveContainersTheirDefaultsAndSaySo) {
  WireClient client = with_account();
  limit(client, R"({"type":"Container","default":{"cpu":"1"},"defaultRequest":{"cpu":"100m"}})");
  const auto made = client.post(kPods, pod("p"));
  ASSERT_EQ(made->status, 201) << made->body;
  const json stored = json::parse(made->body);
  EXPECT_EQ(stored["spec"]["containers"][0]["resources"],
            json::parse(R"({"limits":{"cpu":"1"},"requests":{"cpu":"100m"}})"));
  EXPECT_EQ(stored["metadata"]["annotations"]["kubernetes.io/limit-ranger"],
            "LimitRanger plugin set: cpu request for container c; cpu limit for container c");
}

TEST(LimitRanges, RefuseWhatIsOverTheMaximum) {
  WireClient client = with_account();
  limit(client, R"({"type":"Container","max":{"cpu":"1"}})");
  const auto made = client.post(kPods, pod("p", R"({"limits":{"cpu":"2"}})"));
  EXPECT_EQ(made->status, 403);
  EXPECT_EQ(json::parse(made->body)["message"],
            "pods \"p\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
}

constexpr const char* kDefinition =
    R"({"metadata":{"name":"foos.example.com"},"spec":{"group":"example.com","scope":"Namespaced",)"
    R"("names":{"plural":"foos","kind":"Foo"},"versions":[{"name":"v1","served":true,)"
    R"("storage":true,)"
    R"("schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",)"
    R"("properties":{"size":{"type":"integer","default":3}}}}}}}]}})";

TEST(CustomResources, AreServedOnceTheirDefinitionIsEstablishedAndGoWithIt) {
  WireClient client;
  const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const std::string foos = "/apis/example.com/v1/namespaces/default/foos";
  EXPECT_EQ(client.get(foos)->status, 404);
  ASSERT_EQ(client.post(definitions, kDefinition)->status, 201);
  client.run(10);
  const auto made = client.post(
      foos, R"({"apiVersion":"example.com/v1","kind":"Foo","metadata":{"name":"f"},"spec":{}})");
  ASSERT_EQ(made->status, 201) << made->body;
  EXPECT_EQ(json::parse(made->body)["spec"]["size"], 3);
  const std::string discovered = client.get("/apis/example.com/v1")->body;
  EXPECT_NE(discovered.find("\"foos\""), std::string::npos);
  const auto wrong = client.post(
      foos,
      R"({"apiVersion":"example.com/v1","kind":"Foo","metadata":{"name":"g"},)"
            R"("spec":{"size":"x"}})");
  EXPECT_EQ(wrong->status, 422) << wrong->body;
  EXPECT_EQ(client.send("DELETE", definitions + "/foos.example.com")->status, 200);
  client.run(10);
  EXPECT_EQ(client.get(foos)->status, 404);
}

TEST(Users, AreRefusedWhatNoRoleAllows) {
  WireClient client("bob");
  EXPECT_EQ(client.get(kPods)->status, 403);
  client.act_as("nobody-known");
  EXPECT_EQ(client.get(kPods)->status, 401);
  client.act_as("admin");
  client.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
              R"({"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io",)"
              R"("kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"bob"}]})");
  client.run(10);
  client.act_as("bob");
  EXPECT_EQ(client.get(kPods)->status, 200);
  EXPECT_EQ(client.post(kPods, pod("p"))->status, 403);
}

}  // namespace
}  // namespace orrery::test
