// The example of docs/plugins.md: a plugin that the project does not know, registered by a program,
// enabled in a KubeSchedulerConfiguration.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/scheduler/config/configuration.h"
#include "core/scheduler/scheduler.h"
#include "docs/examples/zone_packing.h"
#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {
namespace {

PluginRegistry with_example(std::vector<Symbol> zones) {
  PluginRegistry registry = built_in_plugins();
  registry["ZonePacking"] = example::zone_packing({std::move(zones)});
  return registry;
}

SchedulerConfig configured(bool fast_path) {
  SchedulerConfig config;
  config.registry = with_example({Symbol("z1"), Symbol("z2")});
  const auto document = nlohmann::json::parse(R"({
      "apiVersion": "kubescheduler.config.k8s.io/v1", "kind": "KubeSchedulerConfiguration",
      "profiles": [{"plugins": {"multiPoint": {"enabled": [{"name": "ZonePacking", "weight": 50}]}}}]
  })");
  auto read = parse_scheduler_configuration(document, "scheduler.yaml", {}, config.registry);
  if (!read.ok()) ADD_FAILURE() << read.status().message();
  else config.profiles = read->profiles;
  config.fast_path = fast_path;
  return config;
}

struct ExampleWorld {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  EchoClient client{env};
  Informers informers{env, client};
  EventRecorder recorder{env, client, Symbol("default-scheduler")};
  Scheduler scheduler;

  explicit ExampleWorld(bool fast_path)
      : scheduler(env, client, informers, recorder, configured(fast_path)) {
    const Status started = scheduler.start();
    if (!started.ok()) ADD_FAILURE() << started.message();
    informers.start();
  }
  void run_for(Duration d) { loop.run(loop.now() + d); }
  void add_node(const std::string& name, const std::string& zone, const std::string& cpu = "2") {
    Ref<api::Node> node = make_node(name, {{"cpu", cpu}, {"memory", "8Gi"}, {"pods", "9"}});
    set_label(node, "topology.kubernetes.io/zone", zone);
    client.put(node);
  }
  void add_pod(const std::string& name, bool packs) {
    Ref<api::Pod> pod = make_pod(name, {{"cpu", "1"}});
    if (packs) pod->meta.labels = api::Labels({{Symbol("example.com/pack"), Symbol("zones")}});
    client.put(pod);
    run_for(1s);
  }
  std::string node_of(const std::string& pod) { return client.pod(pod)->node_name.str(); }
};

class ExamplePlugin : public testing::TestWithParam<bool> {};

TEST_P(ExamplePlugin, FillsTheFirstZoneThenTheNext) {
  ExampleWorld w(GetParam());
  w.add_node("a", "z3", "16");
  w.add_node("b", "z2");
  w.add_node("c", "z1");
  for (const char* name : {"p0", "p1", "p2", "p3", "p4"}) w.add_pod(name, true);
  EXPECT_EQ(w.node_of("p0"), "c");
  EXPECT_EQ(w.node_of("p1"), "c");
  EXPECT_EQ(w.node_of("p2"), "b");
  EXPECT_EQ(w.node_of("p3"), "b");
  EXPECT_EQ(w.node_of("p4"), "");  // z3 is not in the list
}

TEST_P(ExamplePlugin, SaysWhyANodeIsNotForThePodAndWaitsForOneThatIs) {
  ExampleWorld w(GetParam());
  w.add_node("a", "z3");
  w.add_pod("p", true);
  EXPECT_NE(api::find_condition(w.client.pod("p")->status, "PodScheduled")
                ->message.view()
                .find("1 node(s) were in none of the pod's zones"),
            std::string_view::npos);
  w.add_node("b", "z2");
  w.run_for(5s);
  EXPECT_EQ(w.node_of("p"), "b");
}

TEST_P(ExamplePlugin, LeavesOtherPodsAlone) {
  ExampleWorld w(GetParam());
  w.add_node("a", "z3", "16");
  w.add_node("c", "z1");
  w.add_pod("p", false);
  EXPECT_EQ(w.node_of("p"), "a");  // the emptier one
}

INSTANTIATE_TEST_SUITE_P(Paths, ExamplePlugin, testing::Bool(), [](const auto& path) {
  return path.param ? "Fast" : "Plain";
});

TEST(ExamplePluginFactory, RefusesAnEmptyListOfZones) {
  PluginWorld w;
  const auto made = with_example({}).at("ZonePacking")({}, {w.env, w.client, w.cache});
  EXPECT_EQ(made.status().message(), "zones: required: at least one zone");
}

}  // namespace
}  // namespace orrery::scheduler::test
