// On random clusters PodTopologySpread answers as counting from scratch by upstream's rules does.
#include <gtest/gtest.h>

#include "tests/core/scheduler/affinity_builders.h"
#include "tests/core/scheduler/naive_spread.h"
#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {
namespace {

std::string pick(RandomStream& r, const std::vector<std::string>& from) {
  return from[r.below(from.size())];
}

Ref<api::Node> random_spread_node(RandomStream& r, const std::string& name) {
  Ref<api::Node> node = make_node(name);
  if (r.chance(0.9)) set_label(node, "zone", "z" + std::to_string(r.below(4)));
  if (r.chance(0.8)) set_label(node, "rack", "r" + std::to_string(r.below(6)));
  if (r.chance(0.5)) set_label(node, "disk", "ssd");
  if (r.chance(0.2)) add_taint(node, "hard", "NoSchedule");
  if (r.chance(0.1)) add_taint(node, "soft", "PreferNoSchedule");
  return node;
}

Pairs random_labels(RandomStream& r) {
  return {{"app", pick(r, {"a", "b"})}, {"version", pick(r, {"1", "2", "3"})}};
}

api::TopologySpreadConstraint random_constraint(RandomStream& r) {
  api::TopologySpreadConstraint c;
  c.max_skew = static_cast<std::int32_t>(1 + r.below(3));
  c.topology_key = Symbol(pick(r, {"zone", "rack", "kubernetes.io/hostname"}));
  c.when_unsatisfiable = Symbol(pick(r, {"DoNotSchedule", "ScheduleAnyway"}));
  if (r.chance(0.9)) c.label_selector = select({{"app", pick(r, {"a", "b"})}});
  if (r.chance(0.1)) c.label_selector = api::Shared<api::LabelSelector>(api::LabelSelector{});
  if (r.chance(0.3)) c.match_label_keys = {Symbol("version"), Symbol("none")};
  if (!c.label_selector) c.match_label_keys = {};
  if (r.chance(0.3)) c.min_domains = static_cast<std::int32_t>(1 + r.below(6));
  if (r.chance(0.3)) c.node_affinity_policy = Symbol(pick(r, {"Honor", "Ignore"}));
  if (r.chance(0.4)) c.node_taints_policy = Symbol(pick(r, {"Honor", "Ignore"}));
  return c;
}

Ref<api::Pod> random_spread_pod(RandomStream& r, const std::string& name, bool is_bound) {
  api::PodSpec spec = make_spec({});
  if (r.chance(0.4)) spec.node_selector = api::Labels({{Symbol("disk"), Symbol("ssd")}});
  if (r.chance(0.3)) spec.tolerations = {{Symbol("hard"), Symbol("Exists"), {}, {}, {}}};
  for (std::uint64_t n = r.below(4); !is_bound && n > 0; --n) {
    spec.topology_spread_constraints.edit().push_back(random_constraint(r));
  }
  Ref<api::Pod> pod = make_pod(name, api::Shared<api::PodSpec>(std::move(spec)));
  pod->meta.labels = make_labels(random_labels(r));
  if (r.chance(0.1)) pod->meta.namespace_ = Symbol("other");
  if (is_bound && r.chance(0.1)) pod->meta.deletion_timestamp = Time{std::chrono::seconds(1)};
  return pod;
}

class RandomSpread {
 public:
  explicit RandomSpread(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 10; ++i) change_node();
  }

  void change() {
    if (random_.chance(0.2)) return change_node();
    const std::string name = "p" + std::to_string(random_.below(60));
    const Ref<api::Pod> pod = random_spread_pod(random_, name, true);
    if (world_.cache.knows_pod(pod->meta.uid)) {
      world_.cache.remove_pod(pod->meta.uid);
    } else {
      world_.cache.add_pod(on_node(pod, "n" + std::to_string(random_.below(14))));
    }
  }

  void compare() {
    const Ref<api::Pod> pod = random_spread_pod(random_, "pending", false);
    std::vector<api::TopologySpreadConstraint> constraints(
        pod->spec->topology_spread_constraints.begin(),
        pod->spec->topology_spread_constraints.end());
    compare(*pod, {world_.cache, *pod, std::move(constraints)});
  }

 private:
  void change_node() {
    const std::string name = "n" + std::to_string(random_.below(14));
    if (random_.chance(0.1)) return world_.cache.remove_node(Symbol(name));
    world_.cache.update_node(random_spread_node(random_, name));
  }

  void compare(const api::Pod& pod, const NaiveSpread& naive) {
    world_.cache.refresh_order();
    const int number = world_.framework->find("PodTopologySpread");
    Plugin& found = world_.framework->plugin(number);
    auto& pre_filter = dynamic_cast<PreFilterPlugin&>(found);
    auto& filter = dynamic_cast<FilterPlugin&>(found);
    CycleState state;
    NodeNames names;
    const bool skips = pre_filter.pre_filter(state, pod, names).code == Code::kSkip;
    std::vector<NodeSlot> feasible;
    for (const NodeSlot slot : world_.cache.order()) {
      const std::string wanted = naive.filter(slot);
      const NodeInfo node = world_.cache.node(slot);
      const Code code = skips ? Code::kSuccess : filter.filter(state, pod, node).code;
      const std::string ours = code == Code::kSuccess         ? ""
                               : code == Code::kUnschedulable ? "skew"
                                                              : "label";
      ASSERT_EQ(ours, wanted) << node.name().view();
      if (random_.chance(0.7)) feasible.push_back(slot);
    }
    compare_scores(found, state, pod, naive, feasible);
  }

  void compare_scores(Plugin& plugin, CycleState& state, const api::Pod& pod,
                      const NaiveSpread& naive, const std::vector<NodeSlot>& feasible) {
    auto& scorer = dynamic_cast<ScorePlugin&>(plugin);
    auto& pre_score = dynamic_cast<PreScorePlugin&>(plugin);
    const bool scores = pre_score.may_score(state, pod);
    ASSERT_EQ(pre_score.pre_score(state, pod, feasible).code != Code::kSkip, scores);
    ASSERT_EQ(scores, naive.scores());
    if (!scores) return;
    std::vector<std::int64_t> ours(feasible.size());
    scorer.score_many(state, pod, world_.cache, feasible, ours);
    ASSERT_EQ(ours, naive.raw(feasible));
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      ASSERT_EQ(scorer.score(state, pod, world_.cache.node(feasible[i])), ours[i]);
    }
    scorer.normalize_nodes(state, feasible, ours);
    ASSERT_EQ(ours, naive.normalized(feasible));
  }

  RandomStream random_;
  PluginWorld world_;
};

TEST(PodTopologySpread, AnswersAsCountingFromScratch) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    RandomSpread spread(seed);
    for (int i = 0; i < 150; ++i) {
      spread.change();
      if (i % 2 == 0) spread.compare();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace orrery::scheduler::test
