#include "core/scheduler/plugins/inter_pod_affinity.h"

#include <gtest/gtest.h>

#include "core/scheduler/cache_trial.h"
#include "tests/core/scheduler/affinity_builders.h"

namespace orrery::scheduler::test {
namespace {

const std::string kAffinity = "!node(s) didn't match pod affinity rules";  // !: unresolvable
const std::string kAnti = "node(s) didn't match pod anti-affinity rules";
const std::string kExisting = "node(s) didn't satisfy existing pods anti-affinity rules";

/// Nodes n0 and n1 in zone z0, n2 in zone z1, n3 in none.
struct World {
  explicit World(InterPodAffinityArgs args = {}) : plugin(args, cache) {
    for (const char* name : {"n0", "n1", "n2", "n3"}) {
      auto node = make_node(name);
      if (name[1] != '3') set_label(node, "zone", name[1] == '2' ? "z1" : "z0");
      cache.add_node(node);
      slots.push_back(cache.find_node(Symbol(name)));
    }
  }
  void put(const Ref<api::Pod>& pod, const std::string& node) { cache.add_pod(on_node(pod, node)); }
  void set(const Ref<api::Namespace>& old, const Ref<api::Namespace>& now) {
    cache.on_object(Watched::kNamespace, old, now);
  }

  static std::string text(const Verdict& verdict) {
    if (verdict.ok()) return "";
    return (verdict.code == Code::kUnschedulable ? "" : "!") + verdict.reasons.at(0).str();
  }
  /// Of each node; {"skip"} if PreFilter has nothing to do.
  std::vector<std::string> verdicts(const api::Pod& pod) {
    CycleState state;
    NodeNames names;
    if (plugin.pre_filter(state, pod, names).code == Code::kSkip) return {"skip"};
    return verdicts(state, pod);
  }
  std::vector<std::string> verdicts(const CycleState& state, const api::Pod& pod) {
    std::vector<std::string> out;
    for (const NodeSlot slot : slots) {
      out.push_back(text(plugin.filter(state, pod, cache.node(slot))));
    }
    return out;
  }
  /// Raw scores of all nodes; empty if PreScore has nothing to do.
  std::vector<std::int64_t> scores(const api::Pod& pod) {
    CycleState state;
    if (plugin.pre_score(state, pod, slots).code == Code::kSkip) return {};
    std::vector<std::int64_t> out(slots.size(), -1), single;
    plugin.score_many(state, pod, cache, slots, out);
    for (const NodeSlot slot : slots) single.push_back(plugin.score(state, pod, cache.node(slot)));
    EXPECT_EQ(out, single);
    return out;
  }

  SchedulerCache cache;
  InterPodAffinity plugin;
  std::vector<NodeSlot> slots;
};

using Texts = std::vector<std::string>;
using Scores = std::vector<std::int64_t>;

TEST(InterPodAffinity, APodWithoutTermsThatNobodyMindsIsSkipped) {
  World w;
  w.put(make_pod("a", {{"app", "a"}}, {.anti_affinity = {near("b", "zone")}}), "n0");
  EXPECT_EQ(w.verdicts(*make_pod("p", {{"app", "c"}}, {})), Texts{"skip"});
  EXPECT_EQ(w.scores(*make_pod("p", {{"app", "c"}}, {})), Scores{});
}

struct FilterCase {
  const char* what;
  std::vector<std::pair<Ref<api::Pod>, std::string>> existing;
  Ref<api::Pod> pod;
  Texts wanted;
};

api::PodAffinityTerm in_namespaces(api::PodAffinityTerm term, std::vector<std::string> names) {
  for (const std::string& name : names) term.namespaces.edit().push_back(Symbol(name));
  return term;
}

api::PodAffinityTerm in_teams(api::PodAffinityTerm term, const Pairs& labels) {
  term.namespace_selector = select(labels);
  return term;
}

api::PodAffinityTerm without_selector(api::PodAffinityTerm term) {
  term.label_selector = {};
  return term;
}

const Pairs kMine{{"app", "p"}};

Ref<api::Pod> peer(const std::string& ns = "default") {
  return make_pod("a", {{"app", "a"}, {"tier", "x"}}, {}, ns);
}

api::PodAffinityTerm in_tier() {
  api::PodAffinityTerm term = near("a", "zone");
  term.label_selector = select({{"tier", "x"}});
  return term;
}

std::vector<FilterCase> filter_cases() {
  return {
      {"affinity wants a matching pod in the domain, and the label",
       {{peer(), "n1"}}, make_pod("p", kMine, {.affinity = {near("a", "zone")}}),
       {"", "", kAffinity, kAffinity}},
      {"affinity by hostname",
       {{peer(), "n1"}}, make_pod("p", kMine, {.affinity = {near("a", "kubernetes.io/hostname")}}),
       {kAffinity, "", kAffinity, kAffinity}},
      {"nobody matches and the pod does not match itself",
       {}, make_pod("p", kMine, {.affinity = {near("a", "zone")}}),
       {kAffinity, kAffinity, kAffinity, kAffinity}},
      {"nobody matches but the pod itself: any node with the label",
       {}, make_pod("p", kMine, {.affinity = {near("p", "zone")}}),
       {"", "", "", kAffinity}},
      {"a pod that matches on a node without the label does not count",
       {{make_pod("q", kMine, {}), "n3"}}, make_pod("p", kMine, {.affinity = {near("p", "zone")}}),
       {"", "", "", kAffinity}},
      {"one pod must match all terms",
       {{make_pod("x", {{"app", "a"}}, {}), "n0"}, {make_pod("y", {{"tier", "x"}}, {}), "n0"},
        {peer(), "n2"}},
       make_pod("p", kMine, {.affinity = {near("a", "zone"), in_tier()}}),
       {kAffinity, kAffinity, "", kAffinity}},
      {"terms of several keys: each domain has such a pod",
       {{peer(), "n1"}},
       make_pod("p", kMine, {.affinity = {near("a", "zone"), near("a", "kubernetes.io/hostname")}}),
       {kAffinity, "", kAffinity, kAffinity}},
      {"anti-affinity keeps off the domain; a node without the label is free",
       {{peer(), "n1"}}, make_pod("p", kMine, {.anti_affinity = {near("a", "zone")}}),
       {kAnti, kAnti, "", ""}},
      {"existing anti-affinity",
       {{make_pod("q", {}, {.anti_affinity = {near("p", "zone")}}), "n0"}},
       make_pod("p", kMine, {}), {kExisting, kExisting, "", ""}},
      {"affinity is checked before anti-affinity, that before the existing pods'",
       {{make_pod("q", {{"app", "a"}}, {.anti_affinity = {near("p", "kubernetes.io/hostname")}}),
         "n0"}},
       make_pod("p", kMine,
                {.affinity = {near("a", "zone")}, .anti_affinity = {near("a", "zone")}}),
       {kAnti, kAnti, kAffinity, kAffinity}},
      {"a term without a selector matches nothing",
       {{peer(), "n1"}},
       make_pod("p", kMine, {.affinity = {without_selector(near("a", "zone"))}}),
       {kAffinity, kAffinity, kAffinity, kAffinity}},
  };
}

std::vector<FilterCase> namespace_cases() {
  return {
      {"other namespaces do not count",
       {{peer("red"), "n1"}}, make_pod("p", kMine, {.anti_affinity = {near("a", "zone")}}),
       {"", "", "", ""}},
      {"namespaces by name",
       {{peer("red"), "n1"}},
       make_pod("p", kMine, {.anti_affinity = {in_namespaces(near("a", "zone"), {"red"})}}),
       {kAnti, kAnti, "", ""}},
      {"namespaces by label; the pod's own does not count then",
       {{peer("red"), "n1"}, {make_pod("b", {{"app", "a"}}, {}), "n2"}},
       make_pod("p", kMine, {.anti_affinity = {in_teams(near("a", "zone"), {{"team", "1"}})}}),
       {kAnti, kAnti, "", ""}},
      {"the empty namespace selector means all, known or not",
       {{peer("nowhere"), "n1"}},
       make_pod("p", kMine, {.anti_affinity = {in_teams(near("a", "zone"), {})}}),
       {kAnti, kAnti, "", ""}},
      {"the namespaces of all affinity terms count together",
       {{peer("red"), "n0"}, {peer("blue"), "n2"}},
       make_pod("p", kMine, {.affinity = {in_namespaces(near("a", "zone"), {"red", "blue"}),
                                      in_teams(in_tier(), {{"team", "1"}})}}),
       {"", "", kAffinity, kAffinity}},
      {"existing terms select the pod's namespace by its labels",
       {{make_pod("q", {}, {.anti_affinity = {in_teams(near("p", "zone"), {{"team", "1"}})}}),
         "n2"}},
       make_pod("p", kMine, {}, "red"), {"", "", kExisting, ""}},
  };
}

void check(std::vector<FilterCase> cases) {
  for (FilterCase& c : cases) {
    World w;
    w.set({}, make_namespace("red", {{"team", "1"}}));
    w.set({}, make_namespace("blue", {{"team", "2"}}));
    int number = 0;
    for (auto& [pod, node] : c.existing) {
      pod->meta.uid = Uid::parse("existing-" + std::to_string(number++));
      w.put(pod, node);
    }
    EXPECT_EQ(w.verdicts(*c.pod), c.wanted) << c.what;
  }
}

TEST(InterPodAffinity, FiltersByTermsOfBothSides) { check(filter_cases()); }
TEST(InterPodAffinity, LooksIntoTheNamespacesThatATermMeans) { check(namespace_cases()); }

TEST(InterPodAffinity, FollowsTheLabelsOfNamespacesPodsAndNodes) {
  World w;
  const auto red = make_namespace("red", {});
  w.set({}, red);
  const auto a = make_pod("a", {{"app", "a"}}, {}, "red");
  const auto hater =
      make_pod("h", {}, {.anti_affinity = {in_teams(near("p", "zone"), {{"team", "1"}})}});
  w.put(a, "n1");
  w.put(hater, "n2");
  const auto p = make_pod("p", {{"app", "p"}}, {
      .anti_affinity = {in_teams(near("a", "zone"), {{"team", "1"}})}}, "red");
  EXPECT_EQ(w.verdicts(*p), (Texts{"", "", "", ""}));
  w.set(red, make_namespace("red", {{"team", "1"}}));
  EXPECT_EQ(w.verdicts(*p), (Texts{kAnti, kAnti, kExisting, ""}));
  auto renamed = copy_of(a);
  renamed->meta.labels = make_labels({{"app", "b"}});
  w.put(renamed, "n1");
  EXPECT_EQ(w.verdicts(*p), (Texts{"", "", kExisting, ""}));
  auto node = make_node("n0");
  set_label(node, "zone", "z1");
  w.cache.update_node(node);
  EXPECT_EQ(w.verdicts(*p), (Texts{kExisting, "", kExisting, ""}));
  w.cache.remove_pod(hater->meta.uid);
  EXPECT_EQ(w.verdicts(*p), (Texts{"", "", "", ""}));
}

TEST(InterPodAffinity, AnswersAnewWhenPodsAreTakenOffTheNode) {
  World w;
  w.put(make_pod("a", {{"app", "a"}}, {}), "n0");
  w.put(make_pod("h", {}, {.anti_affinity = {near("p", "zone")}}), "n2");
  const auto p = make_pod("p", {{"app", "p"}}, {.anti_affinity = {near("a", "zone")}});
  CycleState state;
  NodeNames names;
  ASSERT_TRUE(w.plugin.pre_filter(state, *p, names).ok());
  const Texts before{kAnti, kAnti, kExisting, ""};
  EXPECT_EQ(w.verdicts(state, *p), before);
  for (const auto& [slot, during] : {std::pair{w.slots[0], Texts{"", "", kExisting, ""}},
                                     std::pair{w.slots[2], Texts{kAnti, kAnti, "", ""}}}) {
    {
      NodeTrial trial(w.cache, slot);
      trial.remove(trial.pods().at(0));
      EXPECT_EQ(w.verdicts(state, *p), during);
      trial.restore(trial.pods().at(0));
      EXPECT_EQ(w.verdicts(state, *p), before);
    }
    EXPECT_EQ(w.verdicts(state, *p), before);
  }
}

TEST(InterPodAffinity, ScoresTermsOfBothSides) {
  const Pairs p{{"app", "p"}};
  const Wishes wishes{.preferred = {{10, near("a", "zone")}},
                      .preferred_anti = {{3, near("a", "kubernetes.io/hostname")}}};
  World w;
  w.put(make_pod("a1", {{"app", "a"}}, {}), "n0");
  w.put(make_pod("a2", {{"app", "a"}}, {}), "n0");
  EXPECT_EQ(w.scores(*make_pod("p", p, wishes)), (Scores{14, 20, 0, 0}));
  EXPECT_EQ(w.scores(*make_pod("p", p, {})), Scores{});
  w.put(make_pod("b", {}, {.affinity = {near("p", "zone")},
                           .preferred = {{20, near("p", "kubernetes.io/hostname")}},
                           .preferred_anti = {{7, near("p", "zone")}}}), "n2");
  EXPECT_EQ(w.scores(*make_pod("p", p, {})), (Scores{0, 0, 14, 0}));
  EXPECT_EQ(w.scores(*make_pod("p", p, wishes)), (Scores{14, 20, 14, 0}));
}

TEST(InterPodAffinity, SkipsScoringIfNoPodIsCountedAnywhere) {
  const auto p = make_pod("p", {{"app", "p"}}, {.preferred = {{10, near("a", "zone")}}});
  World w;
  EXPECT_EQ(w.scores(*p), Scores{});
  w.put(make_pod("a", {{"app", "a"}}, {}), "n3");  // has no zone
  EXPECT_EQ(w.scores(*p), Scores{});
  w.put(make_pod("b", {{"app", "a"}}, {}), "n2");
  EXPECT_EQ(w.scores(*p), (Scores{0, 0, 10, 0}));
}

TEST(InterPodAffinity, ArgumentsWeighRequiredTermsAndIgnorePreferredOnes) {
  const auto fill = [](World& w) {
    w.put(make_pod("r", {}, {.affinity = {near("p", "zone")}}), "n0");
    w.put(make_pod("s", {}, {.preferred = {{5, near("p", "zone")}}}), "n2");
  };
  const auto plain = make_pod("p", {{"app", "p"}}, {});
  const auto wishing = make_pod("p", {{"app", "p"}}, {.preferred = {{2, near("none", "zone")}}});
  World heavy({.hard_pod_affinity_weight = 37}), light({.hard_pod_affinity_weight = 0});
  World ignoring({.hard_pod_affinity_weight = 1, .ignore_preferred_terms_of_existing_pods = true});
  for (World* w : {&heavy, &light, &ignoring}) fill(*w);
  EXPECT_EQ(heavy.scores(*plain), (Scores{37, 37, 5, 0}));
  EXPECT_EQ(light.scores(*plain), (Scores{0, 0, 5, 0}));
  EXPECT_EQ(ignoring.scores(*plain), Scores{});
  EXPECT_EQ(ignoring.scores(*wishing), (Scores{1, 1, 5, 0}));
}

TEST(InterPodAffinity, NormalisesFromTheLeastToTheGreatest) {
  World w;
  const std::vector<std::pair<Scores, Scores>> cases{
      {{-3, 0, 4}, {0, 42, 100}}, {{5, 5}, {0, 0}}, {{-7}, {0}}, {{}, {}},
      {{10, 11, 13}, {0, 33, 100}}};
  for (auto [scores, wanted] : cases) {
    w.plugin.normalize(scores);
    EXPECT_EQ(scores, wanted);
  }
}

}  // namespace
}  // namespace orrery::scheduler::test
