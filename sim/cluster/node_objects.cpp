#include "sim/cluster/node_objects.h"

#include <fmt/format.h>

#include "core/kubelet/node_registration.h"
#include "sim/scenario/node_plan.h"

namespace orrery::sim {
namespace {

constexpr std::size_t kSmallCluster = 256;  // nodes with a /24 of 10.244.0.0/16 each
constexpr std::int64_t kPodsOfSlash25 = 124;

std::string pod_cidr(std::size_t i, std::size_t nodes) {
  if (nodes <= kSmallCluster) return fmt::format("10.244.{}.0/24", i);
  const std::size_t half = i % 2 * 128;
  return fmt::format("10.{}.{}.{}/25", 128 + (i / 512), i / 2 % 256, half);
}

api::ResourceList resources(const std::map<std::string, std::string>& texts) {
  api::ResourceList list;
  for (const auto& [name, text] : texts) {
    const Result<api::Quantity> quantity = api::Quantity::parse(text);
    CHECK(quantity.ok());  // the scenario reader made the text
    list.set(Symbol(name), *quantity);
  }
  return list;
}

Symbol effect_name(TaintEffect effect) {
  switch (effect) {
    case TaintEffect::kNoSchedule:
      return Symbol("NoSchedule");
    case TaintEffect::kPreferNoSchedule:
      return Symbol("PreferNoSchedule");
    case TaintEffect::kNoExecute:
      return Symbol("NoExecute");
  }
  return {};
}

class NodeMaker {
 public:
  explicit NodeMaker(std::size_t total)
      : total_(total), info_(kubelet::node_info("v1.36.2", "orrery://0.1.0")) {}

  NodePlan make(const std::string& name, const PoolShape& shape,
                const std::map<std::string, std::string>& labels) {
    const std::size_t i = next_++;
    auto node = make_ref<api::Node>();
    node->meta.name = name;
    api::Labels all;
    for (const auto& [key, value] : labels) all.set(Symbol(key), Symbol(value));
    node->meta.labels = api::LabelSet(std::move(all));
    node->spec.pod_cidr = Symbol(pod_cidr(i, total_));
    node->status.capacity = resources(shape.capacity);
    node->status.allocatable = resources(shape.allocatable);
    node->status.addresses = {
        {Symbol("InternalIP"),
         Text(fmt::format("172.{}.{}.{}", 16 + i / 65025, i / 255 % 255, i % 255 + 1))},
        {Symbol("Hostname"), Text(name)}};
    node->status.extra = info_;
    return {node, {}};
  }

 private:
  std::size_t total_;
  std::size_t next_ = 0;
  api::RawRef info_;
};

void add_pool_nodes(const Scenario& scenario, NodeMaker& maker, std::vector<NodePlan>& out) {
  std::vector<PoolShape> shapes;
  for (const NodePool& pool : scenario.cluster.node_pools) shapes.push_back(shape_of(pool));
  for (const PlannedNode& planned : plan_nodes(scenario.cluster)) {
    const NodePool& pool = scenario.cluster.node_pools[planned.pool];
    const PoolShape& shape = shapes[planned.pool];
    NodePlan plan = maker.make(planned.name, shape, labels_of(planned, shape));
    if (!pool.taints.empty()) {
      auto tainted = copy_of(plan.node);
      for (const TaintSpec& t : pool.taints) {
        tainted->spec.taints.edit().push_back(
            {Symbol(t.key), Symbol(t.value), effect_name(t.effect), {}});
      }
      plan.node = tainted;
    }
    plan.images = pool.images;
    out.push_back(std::move(plan));
  }
}

void add_trace_nodes(const ImportedTrace& trace, NodeMaker& maker, std::vector<NodePlan>& out) {
  for (const TraceNode& t : trace.nodes) {
    PoolShape shape;
    shape.capacity = {{"cpu", fmt::format("{}m", t.cpu_milli)},
                      {"memory", fmt::format("{}Mi", t.memory_mib)},
                      {"pods", fmt::format("{}", kPodsOfSlash25)}};
    if (t.gpus > 0) shape.capacity["nvidia.com/gpu"] = fmt::format("{}", t.gpus);
    shape.allocatable = shape.capacity;
    std::map<std::string, std::string> labels = {
        {"kubernetes.io/os", "linux"},
        {"kubernetes.io/arch", "amd64"},
        {"kubernetes.io/hostname", t.name},
        {"orrery.dev/pool", t.gpu_model.empty() ? "cpu" : t.gpu_model}};
    if (!t.gpu_model.empty()) labels["orrery.dev/gpu-model"] = t.gpu_model;
    out.push_back(maker.make(t.name, shape, labels));
  }
}

}  // namespace

Result<std::vector<NodePlan>> make_nodes(const Scenario& scenario, const ImportedTrace& trace) {
  std::size_t total = trace.nodes.size();
  std::int64_t pods_max = 0;
  for (const NodePool& pool : scenario.cluster.node_pools) {
    total += static_cast<std::size_t>(pool.count);
    pods_max = std::max(pods_max, pool.pods);
  }
  if (total > kNodesMax) {
    return bad_request(
        fmt::format("{}: spec.cluster.nodePools: {} nodes; there are addresses for {}",
                    scenario.file, total, kNodesMax));
  }
  if (total > kSmallCluster && pods_max > kPodsOfSlash25) {
    return bad_request(
        fmt::format("{}: spec.cluster.nodePools: pods: {} a node; clusters of more than {} nodes "
                    "have addresses "
                    "for {} a node",
                    scenario.file, pods_max, kSmallCluster, kPodsOfSlash25));
  }
  NodeMaker maker(total);
  std::vector<NodePlan> out;
  out.reserve(total);
  add_pool_nodes(scenario, maker, out);
  add_trace_nodes(trace, maker, out);
  return out;
}

}  // namespace orrery::sim
