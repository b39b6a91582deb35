// The field tables of the cluster: zones, node pools and generated workloads.
#include <fmt/format.h>

#include "sim/scenario/field_table.h"
#include "sim/scenario/object_names.h"

namespace orrery::sim {
namespace {

constexpr Range kNodesMax{1, 1'000'000};
constexpr Range kPodsMax{0, 10'000'000};

void check_name(FieldReader& r, const Tree& t, const std::string& name) {
  const Tree* at = t.find("name");
  if (at && at->is_text() && !is_label_name(name)) {
    r.error(*at, "name", fmt::format("{}, got {}", kNameRule, shown(*at)));
  }
}

bool read_zone_name(FieldReader&, const Tree& t, void* object) {
  if (!t.is_text()) return false;
  static_cast<Zone*>(object)->name = t.text;
  return true;
}

// kubectl's form: key=value:NoSchedule, or key:NoSchedule.
bool read_taint_text(FieldReader& r, const Tree& t, void* object) {
  if (!t.is_text()) return false;
  TaintSpec& taint = *static_cast<TaintSpec*>(object);
  const std::size_t colon = t.text.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    r.mismatch(t, "a taint such as dedicated=gpu:NoSchedule");
    return true;
  }
  const std::string pair = t.text.substr(0, colon);
  const std::size_t equals = pair.find('=');
  taint.key = pair.substr(0, equals);
  taint.value = equals == std::string::npos ? "" : pair.substr(equals + 1);
  Tree effect = Tree::of_text(t.text.substr(colon + 1));
  effect.line = t.line;
  Codec<TaintEffect>::read(r, effect, taint.effect, {});
  return true;
}

void check_pool(FieldReader& r, const Tree& t, void* object) {
  const NodePool& pool = *static_cast<NodePool*>(object);
  check_name(r, t, pool.name);
  const auto at = [&](std::string_view name) -> const Tree& {
    const Tree* field = t.find(name);
    return field ? *field : t;
  };
  if (pool.reserved.cpu.milli > pool.cpu.milli) {
    r.error(at("reserved"), "reserved.cpu", "must not be more than the node's cpu");
  }
  if (pool.reserved.memory.bytes > pool.memory.bytes) {
    r.error(at("reserved"), "reserved.memory", "must not be more than the node's memory");
  }
  for (const auto& [name, count] : pool.resources) {
    if (name.find('/') == std::string::npos) {
      r.error(at("resources"), fmt::format("resources[{}]", name),
              "an extended resource has a domain, e.g. vendor.example/device");
    }
    if (pool.gpu.count > 0 && name == pool.gpu.resource) {
      r.error(at("resources"), fmt::format("resources[{}]", name),
              "is already given by gpu: keep one of the two");
    }
  }
}

void check_workload(FieldReader& r, const Tree& t, void* object) {
  const Workload& w = *static_cast<Workload*>(object);
  check_name(r, t, w.name);
  if (w.cpu_limit && w.cpu_limit->milli < w.cpu.milli) {
    r.error(*t.find("cpuLimit"), "cpuLimit", "must be at least cpu");
  }
  if (w.memory_limit && w.memory_limit->bytes < w.memory.bytes) {
    r.error(*t.find("memoryLimit"), "memoryLimit", "must be at least memory");
  }
  if (w.namespace_count > w.count) {
    r.error(*t.find("namespaceCount"), "namespaceCount",
            fmt::format("must not be more than count ({})", w.count));
  }
}

}  // namespace

template <>
const TypeTable& table_of<Zone>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<Zone>(
        "Zone", "A failure zone; its name is the label topology.kubernetes.io/zone.",
        {row<&Zone::name>("name", "the zone's name", Need::kRequired),
         row<&Zone::region>("region", "its region; default: the cluster's first"),
         row<&Zone::racks, Range{0, 10000}>("racks",
                                            "racks in the zone, named ZONE-r0, ZONE-r1, ... "
                                            "(label orrery.dev/rack); 0: none")});
    t.read_short = read_zone_name;
    t.short_form = "a name";
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<TaintSpec>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<TaintSpec>(
        "Taint", "A taint of all nodes of the pool.",
        {row<&TaintSpec::key>("key", "the taint's key", Need::kRequired),
         row<&TaintSpec::value>("value", "its value"),
         row<&TaintSpec::effect>("effect", "what it does to pods that do not tolerate it")});
    t.read_short = read_taint_text;
    t.short_form = "text such as dedicated=gpu:NoSchedule";
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<GpuSpec>() {
  static const TypeTable kTable = table<GpuSpec>(
      "Gpu", "The GPUs of each node of the pool.",
      {row<&GpuSpec::count, Range{0, 64}>("count", "devices in a node"),
       row<&GpuSpec::model>("model", "the model, e.g. T4; label orrery.dev/gpu-model"),
       row<&GpuSpec::memory>("memory", "memory of one device"),
       row<&GpuSpec::resource>("resource", "the extended resource that pods ask for"),
       row<&GpuSpec::sharing>("sharing",
                              "pods may ask for thousandths of one device "
                              "(annotation orrery.dev/gpu-milli)")});
  return kTable;
}

template <>
const TypeTable& table_of<ReservedSpec>() {
  static const TypeTable kTable = table<ReservedSpec>(
      "Reserved", "What a node keeps for itself: allocatable = capacity - reserved.",
      {row<&ReservedSpec::cpu>("cpu", "CPU kept back"),
       row<&ReservedSpec::memory>("memory", "memory kept back"),
       row<&ReservedSpec::ephemeral_storage>("ephemeralStorage", "disk kept back")});
  return kTable;
}

template <>
const TypeTable& table_of<NodePool>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<NodePool>(
        "NodePool",
        "Nodes of one shape, named NAME-0, NAME-1, ...; node i stands in the i-th of the zones, "
        "round "
        "robin.",
        {row<&NodePool::name>("name", "the pool's name, e.g. general", Need::kRequired),
         row<&NodePool::count, kNodesMax>("count", "how many nodes, e.g. 3", Need::kRequired),
         row<&NodePool::cpu>("cpu", "CPU of one node"),
         row<&NodePool::memory>("memory", "memory of one node"),
         row<&NodePool::pods, Range{1, 10000}>("pods",
                                               "most pods on one node (kubelet --max-pods)"),
         row<&NodePool::ephemeral_storage>("ephemeralStorage", "disk of one node"),
         row<&NodePool::gpu>("gpu", "GPUs of one node"),
         row<&NodePool::resources, kNotNegative>("resources", "extended resources of one node"),
         row<&NodePool::labels>("labels", "further labels"),
         row<&NodePool::taints>("taints", "taints"),
         row<&NodePool::zones>("zones", "the zones it spreads over; empty: all of the cluster"),
         row<&NodePool::reserved>("reserved", "what each node keeps for itself"),
         row<&NodePool::images>("images", "images that are on each node from the start")});
    t.check = check_pool;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<ClusterSpec>() {
  static const TypeTable kTable = table<ClusterSpec>(
      "Cluster", "The simulated machines.",
      {row<&ClusterSpec::regions>("regions", "region names (label topology.kubernetes.io/region)"),
       row<&ClusterSpec::zones>("zones", "failure zones; empty: one, zone-a"),
       row<&ClusterSpec::node_pools>("nodePools", "groups of equal nodes")});
  return kTable;
}

template <>
const TypeTable& table_of<Workload>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<Workload>(
        "Workload",
        "Generated Deployments, for scale: `count` of them, NAME or NAME-0, NAME-1, ...",
        {row<&Workload::name>("name", "the Deployments' name, e.g. web", Need::kRequired),
         row<&Workload::count, Range{1, 1'000'000}>("count", "how many Deployments"),
         row<&Workload::replicas, kPodsMax>("replicas", "pods of each"),
         row<&Workload::name_space>("namespace", "their namespace"),
         row<&Workload::namespace_count, Range{1, 100'000}>(
             "namespaceCount", "more than 1: spread over NAMESPACE-0, NAMESPACE-1, ..."),
         row<&Workload::image>("image", "the container's image"),
         row<&Workload::cpu>("cpu", "CPU request of a pod"),
         row<&Workload::memory>("memory", "memory request of a pod"),
         row<&Workload::cpu_limit>("cpuLimit", "CPU limit; unset: none"),
         row<&Workload::memory_limit>("memoryLimit", "memory limit; unset: none"),
         row<&Workload::gpus, Range{0, 64}>("gpus", "GPUs of a pod (nvidia.com/gpu)"),
         row<&Workload::labels>("labels", "further labels of the pods"),
         row<&Workload::node_selector>("nodeSelector", "labels a node must have"),
         row<&Workload::priority_class>("priorityClass", "priorityClassName of the pods"),
         row<&Workload::service>("service", "a Service of the same name in front of each"),
         row<&Workload::at>("at", "when they are applied")});
    t.check = check_workload;
    return t;
  }();
  return kTable;
}

}  // namespace orrery::sim
