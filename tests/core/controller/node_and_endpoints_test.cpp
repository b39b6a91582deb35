#include <gtest/gtest.h>

#include "core/controller/endpoint_slice_controller.h"
#include "core/controller/node_lifecycle_controller.h"
#include "core/controller/taint_eviction_controller.h"
#include "tests/core/apiserver/world.h"

namespace orrery::controller {
namespace {

using test::json;
using test::World;

struct ControlledWorld : World {
  sim::LocalClient controllers{env, server, {}, "controllers"};
  Informers informers{env, controllers};
  PodCache pods{informers};
  EndpointSliceController endpoints{env, controllers, informers, pods, {}};
  NodeLifecycleController lifecycle{env, controllers, informers, pods, {}};
  TaintEvictionController eviction{env, controllers, informers, pods};

  ControlledWorld() {
    informers.on_synced([this] {
      endpoints.start();
      lifecycle.start();
      eviction.start();
    });
    informers.start();
    run_for(1s);
  }
  void node(const std::string& name, const std::string& zone) {
    create(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":")" + name +
           R"(","labels":{"topology.kubernetes.io/zone":")" + zone + R"("}}})");
    status("Node", name, R"({"status":{"conditions":[{"type":"Ready","status":"True"}]}})");
  }
  void status(std::string_view kind, const std::string& name, std::string_view text) {
    const Response done = patch("v1", kind, name, PatchType::kMerge, text, Subresource::kStatus);
    CHECK(done.status.ok());
  }
  void pod(const std::string& name, const std::string& node, std::string_view more = "") {
    const Response made = create(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
        R"(","labels":{"app":"a"}},"spec":{"nodeName":")" + node + "\"" + std::string(more) +
        R"(,"containers":[{"name":"c","image":"i",
                           "ports":[{"name":"web","containerPort":8080}]}]}})");
    CHECK(made.status.ok());
    status("Pod", name,
           R"({"status":{"phase":"Running","podIP":"10.0.0.1",
               "conditions":[{"type":"Ready","status":"True"}]}})");
  }
  void service() {
    const Response made = create(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},
      "spec":{"selector":{"app":"a"},"ports":[{"port":80,"targetPort":"web"}]}})");
    CHECK(made.status.ok());
  }
  std::vector<json> slices() {
    Request request = about(Verb::kList, "discovery.k8s.io/v1", "EndpointSlice");
    std::vector<json> out;
    for (const api::ObjectRef& o : call(std::move(request)).items) {
      out.push_back(api::encode_object(kinds, *o));
    }
    return out;
  }
  json read(std::string_view kind, std::string_view name) { return encode(get("v1", kind, name)); }
};

bool has_taint(const json& node, std::string_view key, std::string_view effect) {
  for (const json& t : node["spec"].value("taints", json::array())) {
    if (t["key"] == key && t["effect"] == effect) return true;
  }
  return false;
}

TEST(EndpointSliceController, ListsReadyPodsWithPortsByName) {
  ControlledWorld w;
  w.node("n1", "z1");
  w.service();
  w.pod("p1", "n1");
  w.run_for(2s);
  const std::vector<json> slices = w.slices();
  ASSERT_EQ(slices.size(), 1u);
  const json& s = slices[0];
  EXPECT_EQ(s["metadata"]["labels"]["kubernetes.io/service-name"], "s");
  EXPECT_EQ(s["ports"][0]["port"], 8080);
  ASSERT_EQ(s["endpoints"].size(), 1u);
  EXPECT_EQ(s["endpoints"][0]["conditions"]["ready"], true);
  EXPECT_EQ(s["endpoints"][0]["zone"], "z1");
  EXPECT_EQ(s["endpoints"][0]["targetRef"]["name"], "p1");
}

TEST(EndpointSliceController, OpensASecondSliceAfterAHundredEndpointsAndDropsItAgain) {
  ControlledWorld w;
  w.node("n1", "z1");
  for (int i = 0; i < 101; ++i) w.pod("p" + std::to_string(i), "n1");
  w.service();
  w.run_for(2s);
  std::vector<json> slices = w.slices();
  ASSERT_EQ(slices.size(), 2u);
  EXPECT_EQ(slices[0]["endpoints"].size() + slices[1]["endpoints"].size(), 101u);
  EXPECT_EQ(std::max(slices[0]["endpoints"].size(), slices[1]["endpoints"].size()), 100u);
  const json& small = slices[slices[0]["endpoints"].size() == 1 ? 0 : 1];
  DeleteOptions now;
  now.grace_period_seconds = 0;
  w.remove("v1", "Pod", small["endpoints"][0]["targetRef"]["name"].get<std::string>(), now);
  w.run_for(2s);
  slices = w.slices();
  ASSERT_EQ(slices.size(), 1u);
  EXPECT_EQ(slices[0]["endpoints"].size(), 100u);
}

TEST(EndpointSliceController, PutsASliceRightThatSomebodyChanged) {
  ControlledWorld w;
  w.node("n1", "z1");
  w.service();
  w.pod("p1", "n1");
  w.run_for(2s);
  const std::string name = w.slices()[0]["metadata"]["name"];
  ASSERT_TRUE(w.patch("discovery.k8s.io/v1", "EndpointSlice", name, PatchType::kMerge,
                      R"({"endpoints":[]})")
                  .status.ok());
  w.run_for(2s);
  EXPECT_EQ(w.slices()[0]["endpoints"].size(), 1u);
}

TEST(NodeLifecycleController, ASilentNodeLosesItsPodsAndGetsThemOffAfterTheirTolerations) {
  ControlledWorld w;
  w.node("n1", "z1");
  w.node("n2", "z1");
  w.service();
  w.pod("stays", "n1", R"(,"tolerations":[{"operator":"Exists"}])");
  w.pod("goes", "n1",
        R"(,"tolerations":[{"key":"node.kubernetes.io/unreachable","operator":"Exists",
            "effect":"NoExecute","tolerationSeconds":300}])");
  for (int i = 0; i < 8; ++i) {  // n2 keeps its heartbeat
    w.run_for(9s);
    const std::string at = format_rfc3339(w.loop.now());
    w.status("Node", "n2",
             R"({"status":{"conditions":[{"type":"Ready","status":"True",
                               "lastHeartbeatTime":")" +
                 at + R"("}]}})");
  }
  json node = w.read("Node", "n1");
  EXPECT_EQ(node["status"]["conditions"][0]["status"], "Unknown");
  EXPECT_TRUE(has_taint(node, "node.kubernetes.io/unreachable", "NoSchedule"));
  EXPECT_TRUE(has_taint(node, "node.kubernetes.io/unreachable", "NoExecute"));
  EXPECT_FALSE(has_taint(w.read("Node", "n2"), "node.kubernetes.io/unreachable", "NoSchedule"));
  EXPECT_EQ(w.slices()[0]["endpoints"][0]["conditions"]["ready"], false);
  EXPECT_FALSE(w.read("Pod", "goes")["metadata"].contains("deletionTimestamp"));
  for (int i = 0; i < 8; ++i) {
    w.run_for(40s);
    const std::string at = format_rfc3339(w.loop.now());
    w.status("Node", "n2",
             R"({"status":{"conditions":[{"type":"Ready","status":"True",
                               "lastHeartbeatTime":")" +
                 at + R"("}]}})");
  }
  EXPECT_TRUE(w.read("Pod", "goes")["metadata"].contains("deletionTimestamp"));
  EXPECT_FALSE(w.read("Pod", "stays")["metadata"].contains("deletionTimestamp"));
  w.status("Node", "n1", R"({"status":{"conditions":[{"type":"Ready","status":"True",
                             "lastHeartbeatTime":"2027-01-01T00:00:00Z"}]}})");
  w.run_for(2s);
  node = w.read("Node", "n1");
  EXPECT_FALSE(has_taint(node, "node.kubernetes.io/unreachable", "NoSchedule"));
  EXPECT_FALSE(has_taint(node, "node.kubernetes.io/unreachable", "NoExecute"));
}

TEST(TaintEvictionController, AnUntoleratedTaintDeletesAtOnceAndSaysWhy) {
  ControlledWorld w;
  w.node("n1", "z1");
  w.pod("p", "n1");
  w.patch("v1", "Node", "n1", PatchType::kMerge,
          R"({"spec":{"taints":[{"key":"k","effect":"NoExecute"}]}})");
  w.run_for(1s);
  const json pod = w.read("Pod", "p");
  EXPECT_TRUE(pod["metadata"].contains("deletionTimestamp"));
  bool told = false;
  for (const json& c : pod["status"]["conditions"]) {
    told |= c["type"] == "DisruptionTarget" && c["reason"] == "DeletionByTaintManager";
  }
  EXPECT_TRUE(told);
}

TEST(NodeHealth, ZonesAreDisruptedFromFiftyFivePercentOn) {
  const EvictionRates rates;
  EXPECT_EQ(zone_state({10, 5}, rates), ZoneState::kNormal);
  EXPECT_EQ(zone_state({10, 6}, rates), ZoneState::kPartialDisruption);
  EXPECT_EQ(zone_state({3, 2}, rates), ZoneState::kNormal);
  EXPECT_EQ(zone_state({2, 2}, rates), ZoneState::kFullDisruption);
  EXPECT_EQ(eviction_rate(ZoneState::kPartialDisruption, 50, rates), 0);
  EXPECT_EQ(eviction_rate(ZoneState::kPartialDisruption, 51, rates), 0.01);
}

TEST(EndpointOf, NewEndpointsPreferSlicesThatAreWrittenAnywayThenTheFullestThatTakesThem) {
  using Shares = std::vector<std::size_t>;
  EXPECT_EQ(share_out({{50, false}, {98, true}}, 5), (Shares{3, 2}));
  EXPECT_EQ(share_out({{50, false}, {90, false}, {98, false}}, 5), (Shares{0, 5, 0}));
  EXPECT_EQ(share_out({{99, false}}, 5), (Shares{0}));
}

}  // namespace
}  // namespace orrery::controller
