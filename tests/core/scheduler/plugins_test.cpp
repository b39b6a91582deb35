#include <gtest/gtest.h>

#include "core/scheduler/plugins/node_selector.h"
#include "core/scheduler/plugins/tolerations.h"
#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {
namespace {

api::NodeSelectorRequirement requirement(const std::string& key, const std::string& op,
                                         std::vector<std::string> values) {
  api::NodeSelectorRequirement r{Symbol(key), Symbol(op), {}};
  for (const std::string& v : values) r.values.edit().push_back(Symbol(v));
  return r;
}

Ref<api::Pod> with_affinity(api::NodeAffinity affinity) {
  api::PodSpec spec = make_spec({});
  api::Affinity a;
  a.node_affinity = std::move(affinity);
  spec.affinity = std::move(a);
  return make_pod("p", api::Shared<api::PodSpec>(spec));
}

TEST(Tolerations, MatchByKeyEffectAndOperator) {
  struct Row {
    const char *key, *op, *value, *effect;
    bool wanted;
  };
  api::Taint taint{Symbol("k"), Symbol("v"), Symbol("NoSchedule"), {}};
  for (const Row& row : {Row{"k", "Equal", "v", "NoSchedule", true},
                         {"k", "", "v", "", true},
                         {"k", "Exists", "", "", true},
                         {"", "Exists", "", "", true},
                         {"k", "Equal", "w", "", false},
                         {"x", "Exists", "", "", false},
                         {"k", "Exists", "", "NoExecute", false},
                         {"k", "Gt", "1", "", false}}) {
    const api::Toleration t{
        Symbol(row.key), Symbol(row.op), Symbol(row.value), Symbol(row.effect), {}};
    EXPECT_EQ(tolerates(t, taint), row.wanted) << row.key << row.op << row.value << row.effect;
  }
}

TEST(NodeSelectorTerm, KnowsAllOperators) {
  Ref<api::Node> node = make_node("n1");
  set_label(node, "disk", "ssd");
  set_label(node, "gen", "5");
  struct Row {
    const char *key, *op;
    std::vector<std::string> values;
    bool wanted;
  };
  for (const Row& row : {Row{"disk", "In", {"hdd", "ssd"}, true},
                         {"disk", "In", {"hdd"}, false},
                         {"disk", "NotIn", {"hdd"}, true},
                         {"none", "NotIn", {"x"}, true},
                         {"disk", "Exists", {}, true},
                         {"none", "Exists", {}, false},
                         {"none", "DoesNotExist", {}, true},
                         {"gen", "Gt", {"4"}, true},
                         {"gen", "Gt", {"5"}, false},
                         {"gen", "Lt", {"6"}, true},
                         {"disk", "Gt", {"1"}, false},
                         {"gen", "Gt", {"x"}, false},
                         {"disk", "Bogus", {"ssd"}, false}}) {
    EXPECT_EQ(matches(api::NodeSelectorTerm{{requirement(row.key, row.op, row.values)}, {}}, *node),
              row.wanted)
        << row.key << " " << row.op;
  }
  EXPECT_FALSE(matches(api::NodeSelectorTerm{}, *node));
  EXPECT_TRUE(
      matches(api::NodeSelectorTerm{{}, {requirement("metadata.name", "In", {"n1"})}}, *node));
}

TEST(TaintToleration, RejectsUntoleratedTaintsAndPrefersFewSoftOnes) {
  PluginWorld w;
  Ref<api::Node> a = make_node("a"), b = make_node("b"), c = make_node("c");
  add_taint(a, "x", "PreferNoSchedule");
  add_taint(a, "y", "PreferNoSchedule");
  add_taint(b, "x", "PreferNoSchedule");
  for (const auto& n : {a, b, c}) w.cache.add_node(n);
  EXPECT_EQ(w.scores(*make_pod("p", Resources{}), "TaintToleration"),
            (std::vector<std::int64_t>{0, 50, 100}));
  add_taint(a, "z", "NoExecute");
  Ref<api::Node> changed = copy_of(a);
  w.cache.update_node(changed);
  EXPECT_EQ(w.verdict(*make_pod("p", Resources{})),
            "TaintToleration: node(s) had untolerated taint(s)");
}

TEST(NodeUnschedulable, IsLiftedByItsToleration) {
  PluginWorld w;
  Ref<api::Node> node = make_node("a");
  node->spec.unschedulable = true;
  w.cache.add_node(node);
  EXPECT_EQ(w.verdict(*make_pod("p", Resources{})),
            "NodeUnschedulable: node(s) were unschedulable");
  api::PodSpec spec = make_spec({});
  spec.tolerations = {{Symbol("node.kubernetes.io/unschedulable"), Symbol("Exists"), {}, {}, {}}};
  EXPECT_EQ(w.verdict(*make_pod("p", api::Shared<api::PodSpec>(spec))), "");
}

TEST(NodeAffinity, NarrowsTheCycleToNamedNodes) {
  PluginWorld w;
  for (const char* n : {"a", "b", "c"}) w.cache.add_node(make_node(n));
  api::NodeAffinity affinity;
  affinity.required =
      api::NodeSelector{{api::NodeSelectorTerm{{}, {requirement("metadata.name", "In", {"b"})}}}};
  const Explanation e = w.explain_pod(*with_affinity(affinity));
  ASSERT_EQ(e.feasible.size(), 1u);
  EXPECT_EQ(e.nodes[e.feasible[0]].name, Symbol("b"));
  EXPECT_EQ(message_of(e.nodes[0].verdict), "node(s) didn't satisfy plugin(s) [NodeAffinity]");
}

TEST(NodeAffinity, ScoresByTheWeightOfWhatIsPreferred) {
  PluginWorld w;
  Ref<api::Node> a = make_node("a"), b = make_node("b");
  set_label(a, "disk", "ssd");
  set_label(b, "disk", "hdd");
  for (const auto& n : {a, b, make_node("c")}) w.cache.add_node(n);
  api::NodeAffinity affinity;
  affinity.preferred = {{30, api::NodeSelectorTerm{{requirement("disk", "In", {"ssd"})}, {}}},
                        {10, api::NodeSelectorTerm{{requirement("disk", "Exists", {})}, {}}}};
  EXPECT_EQ(w.scores(*with_affinity(affinity), "NodeAffinity"),
            (std::vector<std::int64_t>{100, 25, 0}));
  EXPECT_TRUE(w.scores(*make_pod("p", Resources{}), "NodeAffinity").empty());
}

TEST(NodeAffinity, RejectsByNodeSelector) {
  PluginWorld w;
  w.cache.add_node(make_node("a"));
  api::PodSpec spec = make_spec({});
  spec.node_selector = api::Labels({{Symbol("disk"), Symbol("ssd")}});
  EXPECT_EQ(w.verdict(*make_pod("p", api::Shared<api::PodSpec>(spec))),
            "NodeAffinity: node(s) didn't match Pod's node affinity/selector");
}

TEST(NodePorts, KeepsConflictingHostPortsApart) {
  struct Row {
    const char *ip, *protocol;
    int port;
    bool conflict;
  };
  const auto port_pod = [](const std::string& name, const char* ip, const char* protocol, int p) {
    api::PodSpec spec = make_spec({});
    api::ContainerPort port;
    port.host_port = port.container_port = p;
    port.host_ip = Symbol(ip);
    port.protocol = Symbol(protocol);
    spec.containers.edit()[0].ports = {port};
    return make_pod(name, api::Shared<api::PodSpec>(spec));
  };
  for (const Row& row : {Row{"", "", 80, true},
                         {"10.0.0.1", "TCP", 80, true},
                         {"10.0.0.2", "TCP", 80, false},
                         {"", "UDP", 80, false},
                         {"", "TCP", 81, false}}) {
    PluginWorld w;
    w.cache.add_node(make_node("a"));
    w.cache.add_pod(on_node(port_pod("used", "10.0.0.1", "TCP", 80), "a"));
    EXPECT_EQ(
        w.verdict(*port_pod("p", row.ip, row.protocol, row.port)),
        row.conflict ? "NodePorts: node(s) didn't have free ports for the requested pod ports" : "")
        << row.ip << row.protocol << row.port;
  }
}

TEST(NodeResourcesFit, NamesEveryResourceThatIsShort) {
  PluginWorld w;
  w.cache.add_node(make_node("a", {{"cpu", "2"}, {"memory", "1Gi"}, {"pods", "1"}}));
  w.cache.add_pod(on_node(make_pod("used", {{"cpu", "1500m"}}), "a"));
  EXPECT_EQ(w.verdict(*make_pod("p", {{"cpu", "1"}, {"memory", "2Gi"}, {"example.com/x", "1"}})),
            "NodeResourcesFit: Too many pods, Insufficient cpu, Insufficient memory, "
            "Insufficient example.com/x");
  const Explanation e = w.explain_pod(*make_pod("q", {{"cpu", "1"}}));
  EXPECT_EQ(e.nodes[0].verdict.code, Code::kUnschedulable);
  const Explanation big = w.explain_pod(*make_pod("q", {{"cpu", "3"}}));
  EXPECT_EQ(big.nodes[0].verdict.code, Code::kUnschedulableAndUnresolvable);
}

TEST(ImageLocality, PrefersNodesThatHaveLargeImages) {
  PluginWorld w;
  Ref<api::Node> a = make_node("a");
  a->status.images = {{{Symbol("app:1")}, 1000LL * 1024 * 1024}};
  w.cache.add_node(a);
  w.cache.add_node(make_node("b"));
  // 1000 MiB on one of two nodes counts as 500 MiB: 100 * (500 - 23) / (1000 - 23).
  EXPECT_EQ(w.scores(*make_pod("p", {{"cpu", "1"}}), "ImageLocality"),
            (std::vector<std::int64_t>{48, 0}));
}

TEST(BalancedAllocation, ScoresTheChangeOfBalance) {
  PluginWorld w;
  w.cache.add_node(make_node("a", {{"cpu", "4"}, {"memory", "4Gi"}, {"pods", "9"}}));
  EXPECT_EQ(w.scores(*make_pod("even", {{"cpu", "1"}, {"memory", "1Gi"}}),
                     "NodeResourcesBalancedAllocation"),
            (std::vector<std::int64_t>{75}));
  EXPECT_EQ(w.scores(*make_pod("odd", {{"cpu", "4"}}), "NodeResourcesBalancedAllocation"),
            (std::vector<std::int64_t>{50}));
  EXPECT_TRUE(
      w.scores(*make_pod("best-effort", Resources{}), "NodeResourcesBalancedAllocation").empty());
}

TEST(GpuDevice, WantsFreeDevicesOfAnAllowedModel) {
  PluginWorld w;
  Ref<api::Node> node = make_node("g", {{"cpu", "8"}, {"pods", "9"}, {"nvidia.com/gpu", "2"}});
  set_label(node, "orrery.dev/gpu-model", "T4");
  w.cache.add_node(node);
  w.cache.add_pod(on_node(make_pod("used", {{"orrery.dev/gpu-milli", "600"}}), "g"));
  EXPECT_EQ(w.verdict(*make_pod("p", {{"orrery.dev/gpu-milli", "500"}})), "");
  EXPECT_EQ(w.verdict(*make_pod("p", {{"nvidia.com/gpu", "2"}})),
            "GpuDevice: Insufficient free GPU devices");
  Ref<api::Pod> picky = make_pod("p", {{"nvidia.com/gpu", "1"}});
  api::set(picky->meta.annotations, "orrery.dev/gpu-spec", "V100|A10");
  EXPECT_EQ(w.verdict(*picky), "GpuDevice: node(s) didn't have the requested GPU model");
}

}  // namespace
}  // namespace orrery::scheduler::test
