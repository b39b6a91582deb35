#include "core/scheduler/config/plugin_args.h"

#include <algorithm>
#include <set>

#include "core/api/checks/meta_checks.h"
#include "core/scheduler/config/affinity_args.h"
#include "core/scheduler/gpu.h"

namespace orrery::scheduler::config {
namespace {

using api::FieldErrors;
using api::Path;

std::vector<ResourceWeight> read_resources(ObjectReader& from) {
  std::vector<ResourceWeight> out;
  for (ObjectReader& item : from.objects("resources")) {
    ResourceWeight& resource = out.emplace_back();
    resource.weight = 0;
    item.read("name", resource.name);
    item.read("weight", resource.weight);
    item.finish();
    if (resource.weight == 0) resource.weight = 1;
  }
  return out;
}

std::vector<ShapePoint> read_shape(ObjectReader& from) {
  std::vector<ShapePoint> out;
  for (ObjectReader& item : from.objects("shape")) {
    ShapePoint& point = out.emplace_back();
    item.read("utilization", point.utilization);
    item.read("score", point.score);
    item.finish();
  }
  return out;
}

void check_shape_points(FieldErrors& errors, const std::vector<ShapePoint>& shape,
                        const Path& path) {
  if (shape.empty()) return errors.required(path, "at least one point must be specified");
  for (std::size_t i = 1; i < shape.size(); ++i) {
    if (shape[i - 1].utilization < shape[i].utilization) continue;
    const Path point = path.index(i);
    errors.invalid(point.child("utilization"), shape[i].utilization,
                   "values must be sorted in increasing order");
    break;
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Path point = path.index(i);
    if (shape[i].utilization < 0 || shape[i].utilization > 100) {
      errors.invalid(point.child("utilization"), shape[i].utilization,
                     "not in valid range [0, 100]");
    }
    if (shape[i].score < 0 || shape[i].score > 10) {
      errors.invalid(point.child("score"), shape[i].score, "not in valid range [0, 10]");
    }
  }
}

void check_ignored(FieldErrors& errors, const NodeResourcesFitArgs& args, const Path& path) {
  for (std::size_t i = 0; i < args.ignored_resources.size(); ++i) {
    api::check_label_name(errors, args.ignored_resources[i].view(), path.at("ignoredResources", i));
  }
  for (std::size_t i = 0; i < args.ignored_resource_groups.size(); ++i) {
    const std::string_view group = args.ignored_resource_groups[i].view();
    const Path at = path.at("ignoredResourceGroups", i);
    if (group.find('/') != std::string_view::npos) {
      errors.invalid(at, group, "resource group name can't contain '/'");
    }
    api::check_label_name(errors, group, at);
  }
}

void read_strategy(ObjectReader strategy, FieldErrors& errors, NodeResourcesFitArgs& args) {
  constexpr std::string_view kTypes[] = {"LeastAllocated", "MostAllocated",
                                         "RequestedToCapacityRatio"};
  const Path path(strategy.path());
  std::string type;
  strategy.read("type", type);
  const auto found = std::find(std::begin(kTypes), std::end(kTypes), type);
  if (found == std::end(kTypes)) {
    errors.not_supported(path.child("type"), type, {kTypes[0], kTypes[1], kTypes[2]});
  } else {
    args.strategy = static_cast<ScoringStrategy>(found - std::begin(kTypes));
  }
  if (auto resources = read_resources(strategy); !resources.empty()) args.resources = resources;
  for (std::size_t i = 0; i < args.resources.size(); ++i) {
    const auto& [name, weight] = args.resources[i];
    if (weight > 0 && weight <= 100) continue;
    const Path resource = path.at("resources", i);
    errors.invalid(resource.child("weight"), weight,
                   "resource weight of " + name.str() + " not in valid range (0, 100]");
  }
  const bool has_ratio = strategy.has("requestedToCapacityRatio");
  const Path ratio_path = path.child("requestedToCapacityRatio");
  ObjectReader ratio = strategy.object("requestedToCapacityRatio");
  args.shape = read_shape(ratio);
  ratio.finish();
  strategy.finish();
  if (type != kTypes[2]) {
    if (has_ratio) {
      errors.forbidden(ratio_path, "must be nil when type is not RequestedToCapacityRatio");
    }
  } else if (!has_ratio) {
    errors.required(ratio_path, "must be specified when type is RequestedToCapacityRatio");
  } else {
    check_shape_points(errors, args.shape, ratio_path.child("shape"));
  }
}

PluginArgs read_fit(ObjectReader& from, FieldErrors& errors) {
  NodeResourcesFitArgs args;
  std::vector<std::string> resources, groups;
  from.read("ignoredResources", resources);
  from.read("ignoredResourceGroups", groups);
  for (const std::string& name : resources) args.ignored_resources.push_back(Symbol(name));
  for (const std::string& name : groups) args.ignored_resource_groups.push_back(Symbol(name));
  check_ignored(errors, args, Path(from.path()));
  if (from.has("scoringStrategy")) read_strategy(from.object("scoringStrategy"), errors, args);
  return args;
}

PluginArgs read_balanced(ObjectReader& from, FieldErrors& errors) {
  BalancedAllocationArgs args;
  if (auto resources = read_resources(from); !resources.empty()) args.resources = resources;
  const Path path(from.path());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < args.resources.size(); ++i) {
    const auto& [name, weight] = args.resources[i];
    const Path resource = path.at("resources", i);
    if (!seen.insert(name.str()).second) {
      errors.duplicate(resource.child("name"), name.view());
    }
    if (weight != 1) errors.invalid(resource.child("weight"), weight, "must be 1");
  }
  return args;
}

PluginArgs read_pod_affinity(ObjectReader& from, FieldErrors& errors) {
  InterPodAffinityArgs args;
  from.read("hardPodAffinityWeight", args.hard_pod_affinity_weight);
  from.read("ignorePreferredTermsOfExistingPods", args.ignore_preferred_terms_of_existing_pods);
  if (args.hard_pod_affinity_weight < 0 || args.hard_pod_affinity_weight > 100) {
    const Path path(from.path());
    errors.invalid(path.child("hardPodAffinityWeight"),
                   std::int64_t{args.hard_pod_affinity_weight}, "not in valid range [0, 100]");
  }
  return args;
}

PluginArgs read_preemption(ObjectReader& from, FieldErrors& errors) {
  DefaultPreemptionArgs args;
  from.read("minCandidateNodesPercentage", args.min_candidate_nodes_percentage);
  from.read("minCandidateNodesAbsolute", args.min_candidate_nodes_absolute);
  const Path path(from.path());
  const Path percentage = path.child("minCandidateNodesPercentage");
  const Path absolute = path.child("minCandidateNodesAbsolute");
  const std::int64_t p = args.min_candidate_nodes_percentage, a = args.min_candidate_nodes_absolute;
  if (p < 0 || p > 100) errors.invalid(percentage, p, "not in valid range [0, 100]");
  if (a < 0) errors.invalid(absolute, a, "not in valid range [0, inf)");
  if (p == 0 && a == 0) {
    errors.invalid(percentage, p, "cannot be zero at the same time as minCandidateNodesAbsolute");
    errors.invalid(absolute, a, "cannot be zero at the same time as minCandidateNodesPercentage");
  }
  return args;
}

PluginArgs read_volume_binding(ObjectReader& from, FieldErrors& errors) {
  VolumeBindingArgs args;
  from.read("bindTimeoutSeconds", args.bind_timeout_seconds);
  const bool has_shape = from.has("shape");
  args.shape = read_shape(from);
  const Path path(from.path());
  if (args.bind_timeout_seconds < 0) {
    errors.invalid(path.child("bindTimeoutSeconds"), args.bind_timeout_seconds,
                   "invalid BindTimeoutSeconds, should not be a negative value");
  }
  if (has_shape) check_shape_points(errors, args.shape, path.child("shape"));
  return args;
}

PluginArgs read_gpu(ObjectReader& from, FieldErrors&) {
  GpuDeviceArgs args;
  from.read("recordsDevices", args.records_devices);
  return args;
}

PluginArgs read_fgd(ObjectReader& from, FieldErrors& errors) {
  constexpr std::int64_t kCountMax = 1'000'000'000;
  FgdArgs args;
  const Path whole(from.path());
  const Path path = whole.child("typicalPods");
  for (ObjectReader& item : from.objects("typicalPods")) {
    TypicalPod& pod = args.typical_pods.emplace_back();
    std::vector<std::string> models;
    item.read("cpuMilli", pod.shape.cpu_milli);
    item.read("gpus", pod.shape.gpus);
    item.read("gpuMilli", pod.shape.gpu_milli);
    item.read("models", models);
    item.read("count", pod.count);
    item.finish();
    for (const std::string& model : models) pod.shape.models.push_back(Symbol(model));
    const Path at = path.index(args.typical_pods.size() - 1);
    const std::int32_t gpus = pod.shape.gpus;
    if (gpus < 0) errors.invalid(at.child("gpus"), gpus, "should not be negative");
    if (gpus > 0 && (pod.shape.gpu_milli < 1 || pod.shape.gpu_milli > kGpuMilli)) {
      errors.invalid(at.child("gpuMilli"), pod.shape.gpu_milli, "not in valid range [1, 1000]");
    }
    if (pod.count < 1 || pod.count > kCountMax) {
      errors.invalid(at.child("count"), pod.count, "not in valid range [1, 1000000000]");
    }
  }
  if (args.typical_pods.empty()) {
    errors.required(path, "at least one pod shape must be specified");
  }
  return args;
}

PluginArgs read_dynamic_resources(ObjectReader& from, FieldErrors& errors) {
  std::optional<Duration> filter, binding;
  from.read("filterTimeout", filter);
  from.read("bindingTimeout", binding);
  const Path path(from.path());
  if (filter && *filter < Duration{0}) {
    errors.invalid_raw(path.child("filterTimeout"), format_duration(*filter),
                       "must be zero or positive");
  }
  if (binding && *binding < 1s) {
    errors.invalid_raw(path.child("bindingTimeout"), format_duration(*binding),
                       "must be at least 1 second");
  }
  return std::monostate{};
}

struct ArgsReader {
  std::string_view plugin;
  PluginArgs (*read)(ObjectReader&, FieldErrors&);
};

constexpr ArgsReader kReaders[] = {
    {"NodeResourcesFit", read_fit},
    {"NodeResourcesBalancedAllocation", read_balanced},
    {"NodeAffinity", read_node_affinity},
    {"InterPodAffinity", read_pod_affinity},
    {"PodTopologySpread", read_topology_spread},
    {"DefaultPreemption", read_preemption},
    {"VolumeBinding", read_volume_binding},
    {"DynamicResources", read_dynamic_resources},
    {"GpuDevice", read_gpu},
    {"FGDScore", read_fgd},
};

const ArgsReader* reader_of(std::string_view plugin) {
  for (const ArgsReader& reader : kReaders) {
    if (reader.plugin == plugin) return &reader;
  }
  return nullptr;
}

}  // namespace

bool takes_args(std::string_view plugin) { return reader_of(plugin) != nullptr; }

PluginArgs read_args(std::string_view plugin, ObjectReader& args, FieldErrors& errors) {
  std::string version, kind;
  args.read("apiVersion", version);
  args.read("kind", kind);
  const std::string wanted = std::string(plugin) + "Args";
  if (!version.empty() && version != "kubescheduler.config.k8s.io/v1") {
    args.mistake("apiVersion", "must be \"kubescheduler.config.k8s.io/v1\"");
  }
  if (!kind.empty() && kind != wanted) {
    args.mistake("kind", "args for plugin " + std::string(plugin) + " were not of type " + wanted +
                             ".kubescheduler.config.k8s.io, got " + kind);
  }
  PluginArgs out = reader_of(plugin)->read(args, errors);
  args.finish();
  return out;
}

}  // namespace orrery::scheduler::config
