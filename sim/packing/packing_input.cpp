#include "sim/packing/packing_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "core/scheduler/gpu.h"

namespace orrery::sim {
namespace {

constexpr std::int64_t kMiBytes = 1 << 20;
constexpr std::int64_t kPodsPerNode = 10'000;  // the experiment has no limit

/// Extended resources must have equal requests and limits.
void ask_extended(api::ResourceRequirements& resources, std::string_view name,
                  std::int64_t amount) {
  resources.requests.set(Symbol(name), api::Quantity::from_value(amount));
  resources.limits.set(Symbol(name), api::Quantity::from_value(amount));
}

api::PodSpec spec_of(const TracePod& pod) {
  api::Container container;
  container.name = Symbol("main");
  container.image = Symbol("orrery/pause:1");
  api::ResourceRequirements& resources = container.resources;
  resources.requests.set(Symbol("cpu"), api::Quantity::from_milli(pod.cpu_milli));
  resources.requests.set(Symbol("memory"), api::Quantity::from_value(pod.memory_mib * kMiBytes));
  if (pod.gpus > 0 && pod.gpu_milli < scheduler::kGpuMilli) {
    ask_extended(resources, scheduler::kGpuMilliKey, pod.gpu_milli);
  } else if (pod.gpus > 0) {
    ask_extended(resources, scheduler::kGpuResource, pod.gpus);
  }
  api::PodSpec spec;
  spec.containers = {container};
  spec.scheduler_name = Symbol("default-scheduler");
  if (pod.gpu_models.empty()) return spec;
  // As a node affinity, not as an annotation: then pods alike share all that the scheduler reads.
  std::vector<Symbol> models;
  for (const std::string& model : pod.gpu_models) models.push_back(Symbol(model));
  api::NodeSelectorTerm term;
  term.match_expressions = {{Symbol(scheduler::kGpuModelLabel), Symbol("In"), std::move(models)}};
  api::NodeSelector selector;
  selector.node_selector_terms = {term};
  api::NodeAffinity affinity;
  affinity.required = selector;
  spec.affinity.edit().node_affinity = affinity;
  return spec;
}

scheduler::PodShape shape_of(const TracePod& pod) {
  scheduler::PodShape shape;
  shape.cpu_milli = pod.cpu_milli;
  shape.gpus = static_cast<std::int32_t>(pod.gpus);
  shape.gpu_milli = static_cast<std::int32_t>(pod.gpu_milli);
  for (const std::string& model : pod.gpu_models) shape.models.push_back(Symbol(model));
  return shape;
}

}  // namespace

Result<PackingInput> PackingInput::read(const std::string& nodes_file,
                                        const std::string& pods_file) {
  auto nodes = read_node_csv(nodes_file);
  if (!nodes.ok()) return nodes.status();
  auto trace = read_pod_csv(pods_file, {});
  if (!trace.ok()) return trace.status();
  PackingInput out;
  out.nodes = std::move(*nodes);
  for (const TraceNode& node : out.nodes) {
    out.capacity.cpu_milli += node.cpu_milli;
    out.capacity.memory_bytes += node.memory_mib * kMiBytes;
    out.capacity.gpu_milli += node.gpus * scheduler::kGpuMilli;
  }
  if (out.capacity.gpu_milli == 0) return bad_request(nodes_file + ": no node has a GPU");
  using Key =
      std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::vector<std::string>>;
  std::map<Key, api::Shared<api::PodSpec>> specs;
  std::vector<scheduler::PodShape> shapes;
  bool asks_gpu = false;
  for (const TracePod& pod : trace->pods) {
    auto& spec = specs[Key{pod.cpu_milli, pod.memory_mib, pod.gpus, pod.gpu_milli, pod.gpu_models}];
    if (!spec) spec = api::Shared<api::PodSpec>(spec_of(pod));
    out.pods.push_back({pod.name, shape_of(pod), pod.memory_mib * kMiBytes, spec});
    shapes.push_back(out.pods.back().shape);
    asks_gpu = asks_gpu || pod.gpus > 0;
  }
  if (!asks_gpu) return bad_request(pods_file + ": no pod asks for a GPU");
  std::sort(out.pods.begin(), out.pods.end(),
            [](const PackingPod& a, const PackingPod& b) { return a.name < b.name; });
  out.typical_pods = scheduler::typical_pods(shapes);
  return out;
}

Ref<const api::Node> make_packing_node(const TraceNode& trace_node, const std::string& name) {
  auto node = make_ref<api::Node>();
  node->meta.name = name;
  api::Labels labels;
  labels.set(Symbol("kubernetes.io/hostname"), Symbol(name));
  if (!trace_node.gpu_model.empty()) {
    labels.set(Symbol(scheduler::kGpuModelLabel), Symbol(trace_node.gpu_model));
  }
  node->meta.labels = api::LabelSet(std::move(labels));
  api::ResourceList list;
  list.set(Symbol("cpu"), api::Quantity::from_milli(trace_node.cpu_milli));
  list.set(Symbol("memory"), api::Quantity::from_value(trace_node.memory_mib * kMiBytes));
  list.set(Symbol("pods"), api::Quantity::from_value(kPodsPerNode));
  if (trace_node.gpus > 0) {
    list.set(Symbol(scheduler::kGpuResource), api::Quantity::from_value(trace_node.gpus));
  }
  node->status.capacity = list;
  node->status.allocatable = list;
  return node;
}

}  // namespace orrery::sim
