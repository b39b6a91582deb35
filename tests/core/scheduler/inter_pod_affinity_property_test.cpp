// InterPodAffinity against a computation from scratch, on random clusters that change between.
#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/scheduler/cache_trial.h"
#include "core/scheduler/plugins/inter_pod_affinity.h"
#include "tests/core/scheduler/affinity_builders.h"
#include "tests/core/scheduler/naive_affinity.h"

namespace orrery::scheduler::test {
namespace {

class Play {
 public:
  explicit Play(std::uint64_t seed)
      : r_(seed),
        args_{static_cast<std::int32_t>(r_.below(3) * 5), r_.chance(0.3)},
        plugin_(args_, cache_) {
    for (int i = 0; i < 8; ++i) templates_.push_back(random_affinity());
    for (int i = 0; i < 4; ++i) change_namespace();
    for (int i = 0; i < 6; ++i) change_node();
  }

  void step() {
    const double dice = r_.unit();
    if (dice < 0.5) {
      put_pod();
    } else if (dice < 0.75) {
      remove_pod();
    } else if (dice < 0.9) {
      change_node();
    } else {
      change_namespace();
    }
  }

  void compare() {
    const auto pod = random_pod("incoming");
    SCOPED_TRACE("pod in " + pod->meta.namespace_.str());
    CycleState state;
    NodeNames names;
    const bool skips = plugin_.pre_filter(state, *pod, names).code == Code::kSkip;
    ASSERT_EQ(skips, naive_.skips_filter(*pod));
    ++(skips ? skipped_ : filtered_);
    if (!skips) {
      compare_filter(state, *pod);
      compare_trials(state, *pod);
    }
    compare_scores(state, *pod);
  }
  int skipped_ = 0, filtered_ = 0, scored_ = 0, unscored_ = 0, trials_ = 0;
  std::map<NaiveCluster::Answer, int> answers_;

 private:
  std::string pick(const std::vector<std::string>& from) { return from[r_.below(from.size())]; }

  api::Shared<api::LabelSelector> random_selector(const std::string& key,
                                                  const std::vector<std::string>& values) {
    api::LabelSelector selector;
    if (r_.chance(0.5)) {
      selector.match_labels = {{Symbol(key), Symbol(pick(values))}};
    } else if (r_.chance(0.9)) {
      api::LabelSelectorRequirement q{Symbol(key), Symbol(pick({"In", "NotIn", "Exists",
                                                                "DoesNotExist"})), {}};
      if (q.operator_.str().ends_with("In")) {
        q.values = {Symbol(pick(values))};
        if (r_.chance(0.5)) q.values.push_back(Symbol("other"));
      }
      selector.match_expressions = {q};
    }
    return api::Shared<api::LabelSelector>(std::move(selector));
  }

  api::PodAffinityTerm random_term() {
    api::PodAffinityTerm term;
    term.topology_key = Symbol(pick({"zone", "rack", "kubernetes.io/hostname"}));
    if (r_.chance(0.95)) term.label_selector = random_selector("app", {"a", "b", "c"});
    if (r_.chance(0.3)) term.namespaces.edit().push_back(Symbol(pick({"ns0", "ns1"})));
    if (r_.chance(0.3)) term.namespaces.edit().push_back(Symbol(pick({"ns2", "lost"})));
    if (r_.chance(0.3)) term.namespace_selector = random_selector("team", {"x", "y"});
    return term;
  }

  api::Shared<api::Affinity> random_affinity() {
    Wishes wishes;
    const auto some = [&](double p, auto add) {
      while (r_.chance(p)) add();
    };
    some(0.3, [&] { wishes.affinity.push_back(random_term()); });
    some(0.3, [&] { wishes.anti_affinity.push_back(random_term()); });
    some(0.3, [&] { wishes.preferred.emplace_back(1 + r_.below(100), random_term()); });
    some(0.3, [&] { wishes.preferred_anti.emplace_back(1 + r_.below(100), random_term()); });
    return make_affinity(wishes);
  }

  /// Half of the pods share their affinity with others, as pods of a template do.
  Ref<api::Pod> random_pod(const std::string& name) {
    auto pod = make_pod(name, Pairs{}, {}, pick({"ns0", "ns1", "ns2", "ns3", "lost"}));
    api::PodSpec spec = *pod->spec;
    spec.affinity = r_.chance(0.3)   ? api::Shared<api::Affinity>()
                    : r_.chance(0.7) ? templates_[r_.below(templates_.size())]
                                     : random_affinity();
    pod->spec = api::Shared<api::PodSpec>(std::move(spec));
    if (r_.chance(0.9)) pod->meta.labels = make_labels({{"app", pick({"a", "b", "c"})}});
    return pod;
  }

  void put_pod() {
    const std::string name = "p" + std::to_string(r_.below(14));
    auto pod = random_pod(name);
    const auto known = naive_.pods.find(name);
    std::string node = "n" + std::to_string(r_.below(8));  // there are five or six of them
    if (known != naive_.pods.end() && r_.chance(0.7)) {    // relabelled or moved
      pod = copy_of(known->second);
      pod->meta.labels = make_labels({{"app", pick({"a", "b", "c"})}});
      if (r_.chance(0.5)) node = pod->node_name.str();
    }
    naive_.pods[name] = on_node(pod, node);
    cache_.add_pod(naive_.pods[name]);
  }

  void remove_pod() {
    const auto known = naive_.pods.find("p" + std::to_string(r_.below(14)));
    if (known == naive_.pods.end()) return;
    cache_.remove_pod(known->second->meta.uid);
    naive_.pods.erase(known);
  }

  void change_node() {
    const std::string name = "n" + std::to_string(r_.below(6));
    if (naive_.nodes.contains(name) && r_.chance(0.3)) {
      cache_.remove_node(Symbol(name));
      naive_.nodes.erase(name);
      return;
    }
    auto node = make_node(name);
    if (r_.chance(0.8)) set_label(node, "zone", pick({"z0", "z1", ""}));
    if (r_.chance(0.8)) set_label(node, "rack", pick({"r0", "r1", "r2"}));
    naive_.nodes[name] = node;
    cache_.update_node(node);
  }

  void change_namespace() {
    const std::string name = "ns" + std::to_string(r_.below(4));
    const auto known = naive_.namespaces.find(name);
    const Ref<const api::Namespace> old =
        known == naive_.namespaces.end() ? Ref<const api::Namespace>() : known->second;
    if (old && r_.chance(0.3)) {
      naive_.namespaces.erase(name);
      cache_.on_object(Watched::kNamespace, old, {});
      return;
    }
    const Ref<const api::Namespace> now =
        make_namespace(name, r_.chance(0.3) ? Pairs{} : Pairs{{"team", pick({"x", "y"})}});
    naive_.namespaces[name] = now;
    cache_.on_object(Watched::kNamespace, old, now);
  }

  static NaiveCluster::Answer answer(const Verdict& verdict) {
    if (verdict.ok()) return NaiveCluster::Answer::kFits;
    const std::string reason = verdict.reasons.at(0).str();
    if (verdict.code == Code::kUnschedulableAndUnresolvable) {
      EXPECT_EQ(reason, "node(s) didn't match pod affinity rules");
      return NaiveCluster::Answer::kAffinity;
    }
    if (reason == "node(s) didn't match pod anti-affinity rules") {
      return NaiveCluster::Answer::kAntiAffinity;
    }
    EXPECT_EQ(reason, "node(s) didn't satisfy existing pods anti-affinity rules");
    return NaiveCluster::Answer::kExisting;
  }

  void compare_filter(const CycleState& state, const api::Pod& pod) {
    for (const auto& [name, node] : naive_.nodes) {
      const NodeSlot slot = cache_.find_node(Symbol(name));
      const auto mine = answer(plugin_.filter(state, pod, cache_.node(slot)));
      ASSERT_EQ(mine, naive_.filter(pod, *node)) << name;
      ++answers_[mine];
    }
  }

  /// Without some of a node's pods, with the state of before.
  void compare_trials(const CycleState& state, const api::Pod& pod) {
    if (naive_.nodes.empty()) return;
    const std::string name = naive_.nodes.begin()->first;
    const auto all = naive_.pods;
    {
      NodeTrial trial(cache_, cache_.find_node(Symbol(name)));
      for (const std::uint32_t number : trial.pods()) {
        if (r_.chance(0.3)) continue;
        naive_.pods.erase(std::string(cache_.pods()[number].pod->meta.name.view()));
        trial.remove(number);
        compare_filter(state, pod);
        ++trials_;
      }
    }
    naive_.pods = all;
    compare_filter(state, pod);
  }

  void compare_scores(CycleState& state, const api::Pod& pod) {
    std::vector<NodeSlot> slots;
    std::vector<std::int64_t> wanted;
    bool counted = false;
    for (const auto& [name, node] : naive_.nodes) {
      slots.push_back(cache_.find_node(Symbol(name)));
      const auto score = naive_.score(pod, *node, args_.hard_pod_affinity_weight,
                                      args_.ignore_preferred_terms_of_existing_pods);
      counted = counted || score;
      wanted.push_back(score.value_or(0));
    }
    if (slots.empty()) return;
    ASSERT_EQ(plugin_.pre_score(state, pod, slots).ok(), counted);
    ++(counted ? scored_ : unscored_);
    if (!counted) return;
    std::vector<std::int64_t> mine(slots.size());
    plugin_.score_many(state, pod, cache_, slots, mine);
    ASSERT_EQ(mine, wanted);
  }

  RandomStream r_;
  InterPodAffinityArgs args_;
  SchedulerCache cache_;
  InterPodAffinity plugin_;
  NaiveCluster naive_;
  std::vector<api::Shared<api::Affinity>> templates_;
};

TEST(InterPodAffinity, EqualsAComputationFromScratchWhilePodsNodesAndNamespacesChange) {
  int skipped = 0, filtered = 0, scored = 0, unscored = 0, trials = 0;
  std::map<NaiveCluster::Answer, int> answers;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play play(seed);
    for (int i = 0; i < 120; ++i) {
      play.step();
      play.compare();
      if (::testing::Test::HasFatalFailure()) return;
    }
    skipped += play.skipped_;
    filtered += play.filtered_;
    scored += play.scored_;
    unscored += play.unscored_;
    trials += play.trials_;
    for (const auto& [answer, times] : play.answers_) answers[answer] += times;
  }
  EXPECT_GT(skipped, 500);
  EXPECT_GT(filtered, 500);
  EXPECT_GT(scored, 500);
  EXPECT_GT(unscored, 500);
  EXPECT_GT(trials, 500);
  for (const auto& [answer, times] : answers) EXPECT_GT(times, 500) << static_cast<int>(answer);
  EXPECT_EQ(answers.size(), 4u);
}

}  // namespace
}  // namespace orrery::scheduler::test
