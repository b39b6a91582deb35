#include "tests/bench/spread_bench.h"

#include <string>
#include <vector>

#include "core/api/apps.h"
#include "core/scheduler/plugins/pod_topology_spread.h"
#include "tests/bench/measure.h"
#include "tests/core/scheduler/builders.h"

namespace orrery::bench {
namespace {

using namespace scheduler;

constexpr std::size_t kNodes = 50'000, kSets = 400, kPodsEach = 250, kFeasible = 2500;
constexpr std::size_t kRounds = 2000;

Ref<api::Pod> template_of(std::size_t set, bool is_explicit) {
  api::PodSpec spec = test::make_spec({{"cpu", "10m"}});
  const Symbol app("app-" + std::to_string(set));
  api::LabelSelector selector;
  selector.match_labels = {{Symbol("app"), app}};
  if (is_explicit) {
    for (const char* key : {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}) {
      api::TopologySpreadConstraint c;
      c.max_skew = 1000;
      c.topology_key = Symbol(key);
      c.when_unsatisfiable = Symbol("DoNotSchedule");
      c.label_selector = api::Shared<api::LabelSelector>(selector);
      spec.topology_spread_constraints.edit().push_back(c);
    }
  }
  Ref<api::Pod> pod =
      test::make_pod("pending-" + std::to_string(set), api::Shared<api::PodSpec>(std::move(spec)));
  pod->meta.labels = api::Labels({{Symbol("app"), app}});
  api::OwnerReference owner;
  owner.api_version = Symbol("apps/v1");
  owner.kind = Symbol("ReplicaSet");
  owner.name = Text("set-" + std::to_string(set));
  owner.controller = true;
  pod->meta.owner_references = {owner};
  return pod;
}

void fill(SchedulerCache& cache, const std::vector<Ref<api::Pod>>& templates) {
  for (std::size_t i = 0; i < kNodes; ++i) {
    Ref<api::Node> node = test::make_node("node-" + std::to_string(i));
    test::set_label(node, "topology.kubernetes.io/zone", "zone-" + std::to_string(i % 4));
    cache.add_node(node);
  }
  for (std::size_t set = 0; set < kSets; ++set) {
    auto object = make_ref<api::ReplicaSet>();
    object->meta.name = Text("set-" + std::to_string(set));
    object->meta.namespace_ = Symbol("default");
    api::LabelSelector selector;
    selector.match_labels = {{Symbol("app"), templates[set]->meta.labels.get(Symbol("app"))}};
    object->spec.selector = api::Shared<api::LabelSelector>(std::move(selector));
    cache.on_object(Watched::kReplicaSet, {}, api::ObjectRef(object));
    for (std::size_t i = 0; i < kPodsEach; ++i) {
      Ref<api::Pod> pod = copy_of(templates[set]);
      pod->meta.uid = Uid::parse(std::to_string(set) + "/" + std::to_string(i));
      pod->node_name = Symbol("node-" + std::to_string((set * 7919 + i * 104'729) % kNodes));
      cache.add_pod(pod);
    }
  }
  cache.refresh_order();
}

/// Scoring under the system's defaults.
void bench_scoring(SchedulerCache& cache, const std::vector<Ref<api::Pod>>& templates) {
  PodTopologySpread plugin({}, cache);
  std::vector<std::int64_t> scores(kFeasible);
  double score = 0, normalize = 0;
  for (std::size_t i = 0; i < kRounds + kSets; ++i) {
    const api::Pod& pod = *templates[i % kSets];
    const std::span<const NodeSlot> window(&cache.order()[i * 17 % (kNodes - kFeasible)],
                                           kFeasible);
    CycleState state;
    plugin.pre_score(state, pod, window);
    const double t1 = cpu_micros();
    plugin.score_many(state, pod, cache, window, scores);
    const double t2 = cpu_micros();
    plugin.normalize_nodes(state, window, scores);
    const double t3 = cpu_micros();
    if (i < kSets) continue;  // the first time of each template
    score += t2 - t1;
    normalize += t3 - t2;
  }
  const std::span<const NodeSlot> window(cache.order().data(), kFeasible);
  measure("spread: pre_score, a pod", 1'000'000, [&](std::size_t i) {
    CycleState state;
    plugin.pre_score(state, *templates[i % kSets], window);
  });
  print_rate("spread: score, a node", kRounds * kFeasible, score);
  print_rate("spread: normalize, a node", kRounds * kFeasible, normalize);
  CycleState state;
  NodeNames names;
  measure("spread: pre_filter that skips, a pod", 1'000'000,
          [&](std::size_t i) { plugin.pre_filter(state, *templates[i % kSets], names); });
  measure("spread: may_score, a pod", 1'000'000,
          [&](std::size_t i) { plugin.may_score(state, *templates[i % kSets]); });
}

/// Two DoNotSchedule constraints.
void bench_filter(SchedulerCache& cache) {
  std::vector<Ref<api::Pod>> pods;
  for (std::size_t set = 0; set < kSets; ++set) pods.push_back(template_of(set, true));
  PodTopologySpread plugin({}, cache);
  NodeNames names;
  for (const Ref<api::Pod>& pod : pods) {
    CycleState state;
    plugin.pre_filter(state, *pod, names);
  }
  measure("spread: pre_filter, a pod", 1'000'000, [&](std::size_t i) {
    CycleState state;
    plugin.pre_filter(state, *pods[i % kSets], names);
  });
  CycleState state;
  plugin.pre_filter(state, *pods[0], names);
  std::size_t fits = 0;
  measure("spread: filter by two constraints, a node", 4'000'000, [&](std::size_t i) {
    fits += plugin.passes(state, *pods[0], cache.node(cache.order()[i % kNodes]));
  });
  CHECK(fits == 4'000'000);
}

}  // namespace

void bench_spread() {
  SchedulerCache cache;
  std::vector<Ref<api::Pod>> templates;
  for (std::size_t set = 0; set < kSets; ++set) templates.push_back(template_of(set, false));
  fill(cache, templates);
  bench_scoring(cache, templates);
  bench_filter(cache);
}

}  // namespace orrery::bench
