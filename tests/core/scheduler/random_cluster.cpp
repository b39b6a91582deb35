#include "tests/core/scheduler/random_cluster.h"

namespace orrery::scheduler::test {
namespace {

std::string pick(RandomStream& r, std::vector<std::string> from) {
  return from[r.below(from.size())];
}

std::string number(RandomStream& r, std::uint64_t below) { return std::to_string(r.below(below)); }

api::NodeSelectorTerm random_term(RandomStream& r) {
  api::NodeSelectorTerm term;
  const std::string op = pick(r, {"In", "NotIn", "Exists"});
  api::NodeSelectorRequirement q{Symbol("disk"), Symbol(op), {}};
  if (op != "Exists") q.values = {Symbol(pick(r, {"ssd", "hdd"}))};
  term.match_expressions = {q};
  return term;
}

api::Shared<api::LabelSelector> random_selector(RandomStream& r) {
  api::LabelSelector selector;
  if (r.chance(0.9)) selector.match_labels = {{Symbol("app"), Symbol(pick(r, {"a", "b", "c"}))}};
  return selector;
}

Symbol random_key(RandomStream& r) {
  return Symbol(pick(r, {"kubernetes.io/hostname", "topology.kubernetes.io/zone", "disk"}));
}

api::PodAffinityTerm random_pod_term(RandomStream& r) {
  api::PodAffinityTerm term;
  term.label_selector = random_selector(r);
  term.topology_key = random_key(r);
  return term;
}

api::Shared<api::PodAffinity> random_pod_affinity(RandomStream& r) {
  api::PodAffinity affinity;
  if (r.chance(0.5)) affinity.required = {random_pod_term(r)};
  if (r.chance(0.7)) {
    affinity.preferred = {{static_cast<std::int32_t>(1 + r.below(100)), random_pod_term(r)}};
  }
  return affinity;
}

api::TopologySpreadConstraint random_constraint(RandomStream& r) {
  api::TopologySpreadConstraint c;
  c.max_skew = static_cast<std::int32_t>(1 + r.below(3));
  c.topology_key = random_key(r);
  c.when_unsatisfiable = Symbol(pick(r, {"DoNotSchedule", "ScheduleAnyway"}));
  c.label_selector = random_selector(r);
  if (r.chance(0.2) && c.when_unsatisfiable == "DoNotSchedule") c.min_domains = 3;
  if (r.chance(0.2)) c.node_taints_policy = Symbol("Honor");
  return c;
}

}  // namespace

Ref<api::Node> random_node(RandomStream& r, const std::string& name) {
  Resources allocatable{{"cpu", pick(r, {"4", "8", "16"})},
                        {"memory", pick(r, {"8Gi", "16Gi", "64Gi"})},
                        {"pods", pick(r, {"5", "20", "110"})}};
  if (r.chance(0.2)) allocatable.push_back({"nvidia.com/gpu", pick(r, {"1", "2", "8"})});
  if (r.chance(0.2)) allocatable.push_back({"example.com/foo", "4"});
  Ref<api::Node> node = make_node(name, allocatable);
  if (r.chance(0.9)) set_label(node, "topology.kubernetes.io/zone", "z" + number(r, 4));
  if (r.chance(0.6)) set_label(node, "disk", pick(r, {"ssd", "hdd"}));
  if (r.chance(0.2)) set_label(node, "orrery.dev/gpu-model", pick(r, {"T4", "V100"}));
  if (r.chance(0.1)) add_taint(node, "hard", "NoSchedule");
  if (r.chance(0.2)) add_taint(node, "soft" + number(r, 2), "PreferNoSchedule");
  if (r.chance(0.2)) add_taint(node, "soft2", "PreferNoSchedule");
  node->spec.unschedulable = r.chance(0.05);
  for (const char* image : {"app:1", "app:2", "big:1"}) {
    if (!r.chance(0.3)) continue;
    node->status.images.edit().push_back(
        {{Symbol(image)}, image[0] == 'b' ? 4'000'000'000 : 200'000'000});
  }
  return node;
}

api::Shared<api::PodSpec> random_spec(RandomStream& r) {
  Resources requests;
  if (r.chance(0.8)) requests.push_back({"cpu", pick(r, {"100m", "500m", "2", "6"})});
  if (r.chance(0.7)) requests.push_back({"memory", pick(r, {"128Mi", "1Gi", "6Gi"})});
  if (r.chance(0.1))
    requests.push_back({"nvidia.com/gpu", pick(r, {"1", "2"})});
  else if (r.chance(0.1))
    requests.push_back({"orrery.dev/gpu-milli", pick(r, {"300", "700"})});
  if (r.chance(0.1)) requests.push_back({"example.com/foo", "1"});
  api::PodSpec spec = make_spec(requests);
  api::Container& c = spec.containers.edit()[0];
  c.image = Symbol(pick(r, {"app:1", "app:2", "big:1", "none:1"}));
  if (r.chance(0.1)) {
    api::ContainerPort port;
    port.host_port = 8000 + static_cast<int>(r.below(2));
    c.ports = {port};
  }
  if (r.chance(0.2)) {
    spec.tolerations = {{Symbol("hard"), Symbol("Exists"), {}, {}, {}}};
  }
  if (r.chance(0.2)) {
    spec.tolerations.edit().push_back({Symbol("soft2"), Symbol("Exists"), {}, {}, {}});
  }
  if (r.chance(0.1)) {
    spec.node_selector = api::Labels({{Symbol("disk"), Symbol("ssd")}});
  }
  if (r.chance(0.3)) {
    api::NodeAffinity affinity;
    if (r.chance(0.5)) affinity.required = api::NodeSelector{{random_term(r)}};
    if (r.chance(0.5)) {
      affinity.preferred = {{static_cast<std::int32_t>(1 + r.below(100)), random_term(r)},
                            {5, random_term(r)}};
    }
    api::Affinity a;
    a.node_affinity = affinity;
    spec.affinity = a;
  }
  if (r.chance(0.25)) spec.affinity.edit().pod_affinity = random_pod_affinity(r);
  if (r.chance(0.25)) spec.affinity.edit().pod_anti_affinity = random_pod_affinity(r);
  if (r.chance(0.3)) spec.topology_spread_constraints.edit().push_back(random_constraint(r));
  if (r.chance(0.1)) spec.topology_spread_constraints.edit().push_back(random_constraint(r));
  spec.priority = static_cast<std::int32_t>(r.below(3) * 100);
  return api::Shared<api::PodSpec>(std::move(spec));
}

api::LabelSet random_labels(RandomStream& r) {
  return api::Labels({{Symbol("app"), Symbol(pick(r, {"a", "b", "c", "d"}))}});
}

Ref<api::Service> random_service(RandomStream& r) {
  auto service = make_ref<api::Service>();
  service->meta.name = Text("s" + number(r, 4));
  service->meta.namespace_ = Symbol("default");
  service->spec.selector = *random_labels(r);
  return service;
}

Profile random_profile(RandomStream& r) {
  Profile profile = default_profile();
  NodeResourcesFitArgs fit;
  const auto strategy = r.below(3);
  if (strategy == 1) fit.strategy = ScoringStrategy::kMostAllocated;
  if (strategy == 2) {
    fit.strategy = ScoringStrategy::kRequestedToCapacityRatio;
    fit.shape = {{0, 0}, {60, 10}, {100, 3}};
  }
  profile.args["NodeResourcesFit"] = fit;
  profile.percentage_of_nodes_to_score = static_cast<std::int32_t>(r.below(3) * 50);
  profile.tie_break = static_cast<TieBreak>(r.below(3));
  return profile;
}

}  // namespace orrery::scheduler::test
