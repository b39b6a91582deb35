#include <gtest/gtest.h>

#include <map>

#include "core/api/apps.h"
#include "core/api/service.h"
#include "core/scheduler/cache_trial.h"
#include "core/scheduler/plugins/pod_topology_spread_memo.h"
#include "tests/core/scheduler/affinity_builders.h"
#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {
namespace {

constexpr const char* kHostname = "kubernetes.io/hostname";
constexpr const char* kZone = "topology.kubernetes.io/zone";

api::TopologySpreadConstraint spread(
    const std::string& key, std::int32_t max_skew, const std::string& action,
    api::Shared<api::LabelSelector> selector = select({{"app", "web"}})) {
  api::TopologySpreadConstraint c;
  c.topology_key = Symbol(key);
  c.max_skew = max_skew;
  c.when_unsatisfiable = Symbol(action);
  c.label_selector = std::move(selector);
  return c;
}
api::TopologySpreadConstraint hard(const std::string& key, std::int32_t max_skew) {
  return spread(key, max_skew, "DoNotSchedule");
}
api::TopologySpreadConstraint soft(const std::string& key, std::int32_t max_skew) {
  return spread(key, max_skew, "ScheduleAnyway");
}

Ref<api::Pod> pod_with(const std::string& name,
                       std::vector<api::TopologySpreadConstraint> constraints,
                       const Pairs& labels = {{"app", "web"}}) {
  api::PodSpec spec = make_spec({});
  spec.topology_spread_constraints = std::move(constraints);
  Ref<api::Pod> pod = make_pod(name, api::Shared<api::PodSpec>(std::move(spec)));
  pod->meta.labels = make_labels(labels);
  return pod;
}

Profile only_spreading(PodTopologySpreadArgs args = {}) {
  Profile profile;
  profile.plugins = {{"PrioritySort"}, {"PodTopologySpread", 2}, {"DefaultBinder"}};
  profile.args["PodTopologySpread"] = std::move(args);
  return profile;
}

/// Nodes a1, a2 in zone a, b1 in zone b, c1 in zone c, x without a zone.
struct SpreadWorld : PluginWorld {
  explicit SpreadWorld(PodTopologySpreadArgs args = {}) : PluginWorld(only_spreading(args)) {
    for (const std::string name : {"a1", "a2", "b1", "c1", "x"}) {
      Ref<api::Node> node = make_node(name);
      if (name != "x") set_label(node, kZone, name.substr(0, 1));
      cache.add_node(node);
    }
  }
  /// So many pods labelled app=web on the node.
  void put(const std::string& node, int count, const Pairs& labels = {{"app", "web"}}) {
    for (; count > 0; --count) {
      const std::string name = "on-" + node + "-" + std::to_string(pods_++);
      cache.add_pod(on_node(pod_with(name, {}, labels), node));
    }
  }
  template <class T>
  void know(Watched kind, const Ref<T>& object) {
    cache.on_object(kind, {}, api::ObjectRef(object));
  }
  /// The nodes by name, each with - if it would be skewed or ? if it lacks a label.
  std::string filter(const api::Pod& pod) {
    std::map<std::string, std::string> verdicts;
    for (const Explanation::Node& node : explain_pod(pod).nodes) {
      std::string& mark = verdicts[node.name.str()];
      if (node.verdict.ok()) continue;
      const bool lacks = node.verdict.code == Code::kUnschedulableAndUnresolvable;
      mark = lacks ? "?" : "-";
      EXPECT_EQ(message_of(node.verdict),
                std::string("node(s) didn't match pod topology spread constraints") +
                    (lacks ? " (missing required label)" : ""));
    }
    std::string text;
    for (const auto& [name, mark] : verdicts) text += (text.empty() ? "" : " ") + name + mark;
    return text;
  }
  /// Scores by node name; empty if there are none.
  std::vector<std::int64_t> raw(const api::Pod& pod) {
    return by_name(pod, &Explanation::Plugin::raw);
  }
  std::vector<std::int64_t> normalized(const api::Pod& pod) {
    return by_name(pod, &Explanation::Plugin::normalized);
  }

 private:
  std::vector<std::int64_t> by_name(const api::Pod& pod,
                                    std::vector<std::int64_t> Explanation::Plugin::*scores) {
    const Explanation e = explain_pod(pod);
    std::map<std::string, std::int64_t> sorted;
    for (const Explanation::Plugin& p : e.scores) {
      if (p.name != "PodTopologySpread") continue;
      auto score = (p.*scores).begin();
      for (const Explanation::Node& node : e.nodes) {
        if (node.verdict.ok()) sorted[node.name.str()] = *score++;
      }
    }
    std::vector<std::int64_t> values;
    for (const auto& [name, score] : sorted) values.push_back(score);
    return values;
  }

  int pods_ = 0;
};

using Scores = std::vector<std::int64_t>;

TEST(PodTopologySpread, RejectsNodesWhereTheSkewWouldBecomeTooLarge) {
  SpreadWorld w;
  w.put("a1", 1);
  w.put("b1", 2);
  w.put("b1", 3, {{"app", "other"}});
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 1)})), "a1- a2- b1- c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 2)})), "a1 a2 b1- c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 3)})), "a1 a2 b1 c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kHostname, 1)})), "a1- a2 b1- c1 x");
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 2), hard(kHostname, 1)})), "a1- a2 b1- c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {hard("rack", 1)})), "a1? a2? b1? c1? x?");
}

TEST(PodTopologySpread, CountsThePodItselfOnlyIfItMatches) {
  SpreadWorld w;
  w.put("a1", 1);
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 1)}, {{"app", "web"}})), "a1- a2- b1 c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 1)}, {{"app", "db"}})), "a1 a2 b1 c1 x?");
}

TEST(PodTopologySpread, LeavesOutPodsThatAreDeletedOrInOtherNamespaces) {
  SpreadWorld w;
  Ref<api::Pod> elsewhere = pod_with("e", {}), deleted = pod_with("d", {});
  elsewhere->meta.namespace_ = Symbol("elsewhere");
  deleted->meta.deletion_timestamp = Time{std::chrono::seconds(1)};
  w.cache.add_pod(on_node(elsewhere, "a1"));
  w.cache.add_pod(on_node(deleted, "a2"));
  EXPECT_EQ(w.filter(*pod_with("p", {hard(kZone, 1)})), "a1 a2 b1 c1 x?");
}

TEST(PodTopologySpread, TakesTheLeastCountAsZeroBelowMinDomains) {
  SpreadWorld w;
  for (const char* node : {"a1", "b1", "c1"}) w.put(node, 1);
  for (const auto& [domains, wanted] :
       {std::pair{1, "a1 a2 b1 c1 x?"}, {3, "a1 a2 b1 c1 x?"}, {4, "a1- a2- b1- c1- x?"}}) {
    api::TopologySpreadConstraint c = hard(kZone, 1);
    c.min_domains = domains;
    EXPECT_EQ(w.filter(*pod_with("p", {c})), wanted) << domains;
  }
}

TEST(PodTopologySpread, HonorsNodeAffinityUnlessItsPolicyIsIgnore) {
  SpreadWorld w;
  w.put("a1", 1);
  w.put("b1", 1);
  const auto restricted = [](const char* policy) {
    api::TopologySpreadConstraint c = hard(kZone, 1);
    if (policy) c.node_affinity_policy = Symbol(policy);
    Ref<api::Pod> pod = pod_with("p", {c});
    api::NodeSelectorRequirement zones{Symbol(kZone), Symbol("In"), {Symbol("a"), Symbol("b")}};
    api::NodeAffinity node_affinity;
    node_affinity.required = api::NodeSelector{{api::NodeSelectorTerm{{zones}, {}}}};
    api::Affinity affinity;
    affinity.node_affinity = std::move(node_affinity);
    pod->spec.edit().affinity = std::move(affinity);
    return pod;
  };
  // Zone c, with no pod, counts only where affinity is ignored.
  EXPECT_EQ(w.filter(*restricted(nullptr)), "a1 a2 b1 c1 x?");
  EXPECT_EQ(w.filter(*restricted("Honor")), "a1 a2 b1 c1 x?");
  EXPECT_EQ(w.filter(*restricted("Ignore")), "a1- a2- b1- c1 x?");
}

TEST(PodTopologySpread, IgnoresNodeTaintsUnlessItsPolicyIsHonor) {
  SpreadWorld w;
  Ref<api::Node> tainted = make_node("c1");
  set_label(tainted, kZone, "c");
  add_taint(tainted, "k", "NoExecute");
  w.cache.update_node(tainted);
  w.put("a1", 1);
  w.put("b1", 1);
  api::TopologySpreadConstraint c = hard(kZone, 1);
  EXPECT_EQ(w.filter(*pod_with("p", {c})), "a1- a2- b1- c1 x?");
  c.node_taints_policy = Symbol("Honor");
  EXPECT_EQ(w.filter(*pod_with("p", {c})), "a1 a2 b1 c1 x?");
  Ref<api::Pod> tolerant = pod_with("p", {c});
  tolerant->spec.edit().tolerations = {{Symbol("k"), Symbol("Exists"), {}, {}, {}}};
  EXPECT_EQ(w.filter(*tolerant), "a1- a2- b1- c1 x?");
}

TEST(PodTopologySpread, AddsTheValuesOfMatchLabelKeysToTheSelector) {
  SpreadWorld w;
  w.put("a1", 1, {{"app", "web"}, {"pod-template-hash", "old"}});
  w.put("b1", 1, {{"app", "web"}, {"pod-template-hash", "new"}});
  api::TopologySpreadConstraint c = hard(kZone, 1);
  c.match_label_keys = {Symbol("pod-template-hash"), Symbol("absent")};
  EXPECT_EQ(w.filter(*pod_with("p", {c}, {{"app", "web"}, {"pod-template-hash", "new"}})),
            "a1 a2 b1- c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {c}, {{"app", "web"}})), "a1- a2- b1- c1 x?");
}

TEST(PodTopologySpread, CountsNothingForAnEmptyOrAnAbsentSelector) {
  SpreadWorld w;
  w.put("a1", 3);
  const api::Shared<api::LabelSelector> everything{api::LabelSelector{}};
  EXPECT_EQ(w.filter(*pod_with("p", {spread(kZone, 1, "DoNotSchedule", everything)})),
            "a1 a2 b1 c1 x?");
  EXPECT_EQ(w.filter(*pod_with("p", {spread(kZone, 1, "DoNotSchedule", nullptr)})),
            "a1 a2 b1 c1 x?");
}

TEST(PodTopologySpread, FailsOnASelectorThatCannotBeCompiled) {
  SpreadWorld w;
  api::LabelSelector bad;
  bad.match_expressions.push_back({Symbol("app"), Symbol("Like"), {}});
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed = 0;
  const Ref<api::Pod> pod =
      pod_with("p", {spread(kZone, 1, "DoNotSchedule", api::Shared<api::LabelSelector>(bad))});
  const Verdict verdict = w.framework->run_pre_filter(state, *pod, names, narrowed);
  EXPECT_EQ(verdict.code, Code::kError);
  EXPECT_NE(message_of(verdict).find("obtaining pod's hard topology spread constraints"),
            std::string::npos);
}

TEST(PodTopologySpread, SeesWhatWouldBeIfPodsWereGone) {
  SpreadWorld w;
  w.put("a1", 1);
  const Ref<api::Pod> pod = pod_with("p", {hard(kZone, 1)});
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed = 0;
  ASSERT_TRUE(w.framework->run_pre_filter(state, *pod, names, narrowed).ok());
  const NodeSlot a1 = w.cache.find_node(Symbol("a1"));
  const auto fits = [&] { return w.framework->run_filter(state, *pod, w.cache.node(a1)).ok(); };
  EXPECT_FALSE(fits());
  {
    NodeTrial trial(w.cache, a1);
    trial.remove(trial.pods().at(0));
    EXPECT_TRUE(fits());
  }
  EXPECT_FALSE(fits());
}

TEST(PodTopologySpread, ScoresByWeightedCountsAndIgnoresNodesWithoutAKey) {
  SpreadWorld w;
  w.put("a1", 2);
  w.put("a2", 1);
  w.put("b1", 1);
  // ln(3 zones + 2) = 1.609: 3 pods are 4.83, 1 is 1.61.
  EXPECT_EQ(w.raw(*pod_with("p", {soft(kZone, 1)})), (Scores{5, 5, 2, 0, 0}));
  EXPECT_EQ(w.normalized(*pod_with("p", {soft(kZone, 1)})), (Scores{0, 0, 60, 100, 0}));
  EXPECT_EQ(w.raw(*pod_with("p", {soft(kZone, 4)})), (Scores{8, 8, 5, 3, 0}));
  EXPECT_EQ(w.normalized(*pod_with("p", {soft(kZone, 4)})), (Scores{37, 37, 75, 100, 0}));
  // ln(5 nodes + 2) = 1.946, for the pods on the node itself.
  EXPECT_EQ(w.raw(*pod_with("p", {soft(kHostname, 1)})), (Scores{4, 2, 2, 0, 0}));
  // Four nodes have both: ln(6) = 1.792; 4.83 + 3.58, 4.83 + 1.79, 1.61 + 1.79.
  EXPECT_EQ(w.raw(*pod_with("p", {soft(kZone, 1), soft(kHostname, 1)})), (Scores{8, 7, 3, 0, 0}));
  EXPECT_EQ(w.normalized(*pod_with("p", {hard(kHostname, 9)})), Scores{});
}

TEST(PodTopologySpread, GivesAllNodesFullMarksIfNoneHasPods) {
  SpreadWorld w;
  EXPECT_EQ(w.normalized(*pod_with("p", {soft(kHostname, 1)})), (Scores{100, 100, 100, 100, 100}));
}

Ref<api::Service> service(const Pairs& selector) {
  auto object = make_ref<api::Service>();
  object->meta.name = Text("s" + std::to_string(selector.size()));
  object->meta.namespace_ = Symbol("default");
  object->spec.selector = make_labels(selector);
  return object;
}

template <class T>
Ref<T> controller(const std::string& name, const Pairs& selector) {
  auto object = make_ref<T>();
  object->meta.name = Text(name);
  object->meta.namespace_ = Symbol("default");
  object->spec.selector = select(selector);
  return object;
}

Ref<api::Pod> owned(const std::string& kind, const std::string& name) {
  Ref<api::Pod> pod = pod_with("p", {});
  api::OwnerReference owner;
  owner.api_version = Symbol(kind == "ReplicationController" ? "v1" : "apps/v1");
  owner.kind = Symbol(kind);
  owner.name = Text(name);
  owner.controller = true;
  pod->meta.owner_references = {owner};
  return pod;
}

TEST(PodTopologySpread, SpreadsPodsOfAServiceByTheSystemsDefaults) {
  SpreadWorld w;
  w.put("a1", 2);
  const Ref<api::Pod> pod = pod_with("p", {});
  EXPECT_EQ(w.raw(*pod), Scores{});
  w.know(Watched::kService, service({}));
  w.know(Watched::kService, service({{"app", "db"}}));
  EXPECT_EQ(w.raw(*pod), Scores{});
  Ref<api::Service> web = service({{"app", "web"}});
  w.know(Watched::kService, web);  // takes the place of the one for db
  // Zones a, b, c and "" of the node without one: ln(6) = 1.79; nodes: ln(7) = 1.95.
  EXPECT_EQ(w.raw(*pod), (Scores{13, 10, 6, 6, 2}));
  EXPECT_EQ(w.filter(*pod), "a1 a2 b1 c1 x");
  w.cache.on_object(Watched::kService, api::ObjectRef(web), {});
  EXPECT_EQ(w.raw(*pod), Scores{});
}

TEST(PodTopologySpread, SpreadsPodsByTheSelectorOfTheirController) {
  SpreadWorld w;
  w.put("a1", 2);
  w.put("b1", 1, {{"app", "db"}});
  for (const char* kind : {"ReplicaSet", "StatefulSet", "ReplicationController", "Job"}) {
    EXPECT_EQ(w.raw(*owned(kind, "web")), Scores{}) << kind;
  }
  w.know(Watched::kReplicaSet, controller<api::ReplicaSet>("web", {{"app", "web"}}));
  w.know(Watched::kStatefulSet, controller<api::StatefulSet>("web", {{"app", "db"}}));
  EXPECT_EQ(w.raw(*owned("ReplicaSet", "web")), (Scores{13, 10, 6, 6, 2}));
  EXPECT_EQ(w.raw(*owned("StatefulSet", "web")), (Scores{6, 6, 10, 6, 2}));
  EXPECT_EQ(w.raw(*owned("ReplicaSet", "other")), Scores{});
  w.know(Watched::kReplicaSet, controller<api::ReplicaSet>("web", {{"app", "db"}}));
  EXPECT_EQ(w.raw(*owned("ReplicaSet", "web")), (Scores{6, 6, 10, 6, 2}));
}

TEST(PodTopologySpread, UsesTheListOfDefaultConstraintsOfTheProfile) {
  PodTopologySpreadArgs args;
  args.system_defaulting = false;
  args.default_constraints = {spread(kZone, 1, "ScheduleAnyway", nullptr),
                              spread(kHostname, 1, "DoNotSchedule", nullptr)};
  SpreadWorld w(args);
  w.put("a1", 1);
  const Ref<api::Pod> pod = pod_with("p", {});
  EXPECT_EQ(w.filter(*pod), "a1 a2 b1 c1 x");
  w.know(Watched::kService, service({{"app", "web"}}));
  EXPECT_EQ(w.filter(*pod), "a1- a2 b1 c1 x");
  EXPECT_EQ(w.raw(*pod), (Scores{2, 0, 0, 0}));
  EXPECT_EQ(w.normalized(*pod), (Scores{0, 100, 100, 0}));
}

TEST(PodTopologySpread, HoldsNoCountsOfPodsThatItForgot) {
  SpreadWorld w;
  for (std::size_t i = 0; i < 3 * SpreadMemo::kEntriesMax; ++i) {
    api::TopologySpreadConstraint c = hard(kZone, 1);
    c.match_label_keys = {Symbol("n")};
    const Ref<api::Pod> pod = pod_with("p", {c}, {{"app", "web"}, {"n", std::to_string(i)}});
    CycleState state;
    NodeNames names;
    std::uint64_t narrowed = 0;
    ASSERT_TRUE(w.framework->run_pre_filter(state, *pod, names, narrowed).ok());
  }
  EXPECT_LE(w.cache.pod_groups().tally_count(), SpreadMemo::kEntriesMax);
  w.framework = nullptr;
  EXPECT_EQ(w.cache.pod_groups().tally_count(), 0u);
  EXPECT_EQ(w.cache.pod_groups().query_count(), 0u);
}

struct Hint {
  const char* what;
  ClusterEvent event;
  bool wanted;
};

TEST(PodTopologySpread, TriesAgainAfterPodsThatItsConstraintsCount) {
  SpreadWorld w;
  api::TopologySpreadConstraint c = hard(kZone, 1);
  c.node_taints_policy = Symbol("Honor");
  const Ref<api::Pod> pod = pod_with("p", {c});
  const Ref<const api::Pod> web = on_node(pod_with("web", {}), "a1");
  const Ref<const api::Pod> db = on_node(pod_with("web", {}, {{"app", "db"}}), "a1");
  const Ref<api::Pod> unbound = pod_with("web", {});
  Ref<api::Pod> elsewhere = copy_of(web), tolerant = copy_of(pod);
  elsewhere->meta.namespace_ = Symbol("elsewhere");
  tolerant->spec.edit().tolerations = {{Symbol("k"), Symbol("Exists"), {}, {}, {}}};
  const Plugin& plugin = w.framework->plugin(w.framework->find("PodTopologySpread"));
  for (const Hint& hint :
       {Hint{"added", {events::kAssignedPodAdd, {}, {}, {}, &*web}, true},
        {"another added", {events::kAssignedPodAdd, {}, {}, {}, &*db}, false},
        {"unbound", {events::kAssignedPodAdd, {}, {}, {}, &*unbound}, false},
        {"elsewhere", {events::kAssignedPodAdd, {}, {}, {}, &*elsewhere}, false},
        {"deleted", {events::kAssignedPodDelete, {}, {}, &*web, {}}, true},
        {"another deleted", {events::kAssignedPodDelete, {}, {}, &*db, {}}, false},
        {"relabelled", {events::kAssignedPodLabel, {}, {}, &*web, &*db}, true},
        {"same labels", {events::kAssignedPodLabel, {}, {}, &*web, &*web}, false},
        {"own toleration", {events::kPendingPod, {}, {}, &*pod, &*tolerant}, true},
        {"own nothing", {events::kPendingPod, {}, {}, &*pod, &*pod}, false}}) {
    EXPECT_EQ(plugin.is_worth_retrying(hint.event, *pod), hint.wanted) << hint.what;
  }
}

TEST(PodTopologySpread, TriesAgainAfterNodesThatChangeADomain) {
  SpreadWorld w;
  const Ref<api::Pod> pod = pod_with("p", {hard(kZone, 1)});
  Ref<api::Node> a = make_node("a"), b = make_node("a"), none = make_node("a"), taint, other;
  set_label(a, kZone, "a");
  set_label(b, kZone, "b");
  taint = copy_of(a);
  add_taint(taint, "k", "NoSchedule");
  other = copy_of(a);
  set_label(other, "other", "x");
  const Plugin& plugin = w.framework->plugin(w.framework->find("PodTopologySpread"));
  for (const Hint& hint : {Hint{"added", {events::kNodeAdd, {}, &*a}, true},
                           {"added without zone", {events::kNodeAdd, {}, &*none}, false},
                           {"deleted", {events::kNodeDelete, &*a}, true},
                           {"deleted without zone", {events::kNodeDelete, &*none}, false},
                           {"moved", {events::kNodeLabel, &*a, &*b}, true},
                           {"got a zone", {events::kNodeLabel, &*none, &*a}, true},
                           {"lost its zone", {events::kNodeLabel, &*a, &*none}, true},
                           {"another label", {events::kNodeLabel, &*a, &*other}, false},
                           {"taint", {events::kNodeTaint, &*a, &*taint}, true}}) {
    EXPECT_EQ(plugin.is_worth_retrying(hint.event, *pod), hint.wanted) << hint.what;
  }
}

}  // namespace
}  // namespace orrery::scheduler::test
