// The resourcequota controller, with the others, against the API server on a virtual clock.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/controller/controllers.h"
#include "tests/core/apiserver/world.h"

namespace orrery::controller {
namespace {

using test::json;
using test::World;

struct QuotaCluster : World {
  QuotaCluster() {
    informers.start();
    run_for(1s);
  }
  void make(const json& document) {
    const Response made = create(document.dump());
    ASSERT_TRUE(made.status.ok()) << made.status.message();
  }
  void quota(const json& hard, json spec = json::object()) {
    spec["hard"] = hard;
    make({{"apiVersion", "v1"},
          {"kind", "ResourceQuota"},
          {"metadata", {{"name", "q"}}},
          {"spec", spec}});
    run_for(1s);
  }
  void pod(const std::string& name, const std::string& cpu = "100m") {
    const json resources = {{"requests", {{"cpu", cpu}}}};
    make({{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", {{"name", name}}},
          {"spec", {{"containers", {{{"name", "c"}, {"image", "i"}, {"resources", resources}}}}}}});
  }
  void config_map(const std::string& name) {
    make({{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", name}}}});
  }
  json status() { return encode(get("v1", "ResourceQuota", "q"))["status"]; }

  sim::LocalClient controller_client{env, server, {}, "kube-controller-manager"};
  Informers informers{env, controller_client};
  ControllerManager manager{env, controller_client, informers, kinds, {}};
};

TEST(ResourceQuotaController, CountsWhatWasThereBefore) {
  QuotaCluster c;
  c.pod("a");
  c.pod("b");
  c.config_map("m");
  c.quota({{"pods", 5},
           {"requests.cpu", "1"},
           {"configmaps", "3"},
           {"count/pods", "9"},
           {"count/unknowns.example.com", "1"}});
  EXPECT_EQ(c.status()["hard"], json({{"pods", "5"},
                                      {"requests.cpu", "1"},
                                      {"configmaps", "3"},
                                      {"count/pods", "9"},
                                      {"count/unknowns.example.com", "1"}}));
  EXPECT_EQ(
      c.status()["used"],
      json({{"pods", "2"}, {"requests.cpu", "200m"}, {"configmaps", "1"}, {"count/pods", "2"}}));
}

TEST(ResourceQuotaController, FreesWhatGoesAwayOrEnds) {
  QuotaCluster c;
  c.quota({{"pods", "3"}, {"count/pods", "3"}, {"configmaps", "2"}});
  for (const char* name : {"a", "b", "d"}) c.pod(name);
  c.config_map("m");
  EXPECT_EQ(c.status()["used"], json({{"pods", "3"}, {"count/pods", "3"}, {"configmaps", "1"}}));
  ASSERT_TRUE(c.remove("v1", "Pod", "a").status.ok());
  ASSERT_TRUE(c.patch("v1", "Pod", "b", PatchType::kMerge, R"({"status":{"phase":"Succeeded"}})",
                      Subresource::kStatus)
                  .status.ok());
  ASSERT_TRUE(c.remove("v1", "ConfigMap", "m").status.ok());
  c.run_for(1s);
  EXPECT_EQ(c.status()["used"], json({{"pods", "1"}, {"count/pods", "2"}, {"configmaps", "0"}}));
}

TEST(ResourceQuotaController, FollowsItsSpec) {
  QuotaCluster c;
  c.pod("a");
  c.quota({{"pods", "1"}});
  ASSERT_TRUE(c.patch("v1", "ResourceQuota", "q", PatchType::kMerge,
                      R"({"spec":{"hard":{"pods":null,"requests.cpu":"2"}}})")
                  .status.ok());
  c.run_for(1s);
  EXPECT_EQ(c.status(),
            json({{"hard", {{"requests.cpu", "2"}}}, {"used", {{"requests.cpu", "100m"}}}}));
}

TEST(ResourceQuotaController, CountsOnlyPodsInScope) {
  QuotaCluster c;
  c.pod("a");
  c.make({{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", {{"name", "free"}}},
          {"spec", {{"containers", {{{"name", "c"}, {"image", "i"}}}}}}});
  c.quota({{"pods", "5"}}, {{"scopes", {"BestEffort"}}});
  EXPECT_EQ(c.status()["used"], json({{"pods", "1"}}));
}

TEST(ResourceQuotaController, CorrectsAWrongStatusWithinMinutes) {
  QuotaCluster c;
  c.pod("a");
  c.quota({{"pods", "5"}});
  c.patch("v1", "ResourceQuota", "q", PatchType::kMerge, R"({"status":{"used":{"pods":"4"}}})",
          Subresource::kStatus);
  c.run_for(1min);
  EXPECT_EQ(c.status()["used"], json({{"pods", "4"}}));
  c.run_for(5min);
  EXPECT_EQ(c.status()["used"], json({{"pods", "1"}}));
}

TEST(ResourceQuotaController, LetsAReplicaSetGrowWhenThereIsRoomAgain) {
  QuotaCluster c;
  c.quota({{"pods", "2"}});
  c.make({{"apiVersion", "apps/v1"},
          {"kind", "ReplicaSet"},
          {"metadata", {{"name", "r"}}},
          {"spec",
           {{"replicas", 4},
            {"selector", {{"matchLabels", {{"app", "x"}}}}},
            {"template",
             {{"metadata", {{"labels", {{"app", "x"}}}}},
              {"spec", {{"containers", {{{"name", "c"}, {"image", "i"}}}}}}}}}}});
  const auto pods = [&] { return c.store.table(api::KindId::kPod).size(); };
  c.run_for(10s);
  EXPECT_EQ(pods(), 2u);
  EXPECT_EQ(c.status()["used"], json({{"pods", "2"}}));
  const std::string victim = c.store.table(api::KindId::kPod).sorted()[0]->meta.name.str();
  ASSERT_TRUE(c.remove("v1", "Pod", victim).status.ok());
  c.run_for(1min);
  EXPECT_EQ(pods(), 2u);
  ASSERT_TRUE(
      c.patch("v1", "ResourceQuota", "q", PatchType::kMerge, R"({"spec":{"hard":{"pods":"9"}}})")
          .status.ok());
  c.run_for(5min);
  EXPECT_EQ(pods(), 4u);
  EXPECT_EQ(c.status()["used"], json({{"pods", "4"}}));
}

// A client that notes the kinds it is asked to list.
class NotingClient final : public Client {
 public:
  explicit NotingClient(Client& next) : next_(next) {}
  void call(Request request, Callback<void(Response)> done) override {
    if (request.verb == Verb::kList) listed.push_back(request.kind);
    next_.call(std::move(request), std::move(done));
  }
  std::unique_ptr<Watch> watch(WatchRequest request, WatchSink& sink) override {
    return next_.watch(std::move(request), sink);
  }
  std::vector<api::KindId> listed;

 private:
  Client& next_;
};

TEST(ResourceQuotaController, ReadsOtherKindsOnlyOnceAQuotaNamesThem) {
  World w;
  sim::LocalClient line{w.env, w.server, {}, "kube-controller-manager"};
  NotingClient client{line};
  Informers informers{w.env, client};
  ControllerOptions options;
  options.enabled = {"resourcequota"};
  ControllerManager manager{w.env, client, informers, w.kinds, options};
  informers.start();
  w.run_for(1s);
  const std::vector<api::KindId> always = client.listed;
  EXPECT_EQ(std::count(always.begin(), always.end(), api::KindId::kConfigMap), 0);
  const auto quota = [&](const char* name, const char* hard) {
    const json spec = {{"hard", {{hard, "3"}}}};
    w.create(json{
        {"apiVersion", "v1"},
        {"kind", "ResourceQuota"},
        {"metadata", {{"name", name}}},
        {"spec",
         spec}}.dump());
    w.run_for(1s);
  };
  quota("a", "pods");
  EXPECT_EQ(client.listed, always);
  quota("b", "configmaps");
  quota("c", "count/configmaps");
  std::vector<api::KindId> more = always;
  more.push_back(api::KindId::kConfigMap);
  EXPECT_EQ(client.listed, more);
}

}  // namespace
}  // namespace orrery::controller
