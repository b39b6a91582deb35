#include <algorithm>

#include "core/scheduler/cache.h"
#include "core/scheduler/default_plugins.h"
#include "core/scheduler/plugins/balanced_allocation.h"
#include "core/scheduler/plugins/default_binder.h"
#include "core/scheduler/plugins/default_preemption.h"
#include "core/scheduler/plugins/dynamic_resources.h"
#include "core/scheduler/plugins/gang_scheduling.h"
#include "core/scheduler/plugins/gpu_device.h"
#include "core/scheduler/plugins/image_locality.h"
#include "core/scheduler/plugins/inter_pod_affinity.h"
#include "core/scheduler/plugins/node_affinity.h"
#include "core/scheduler/plugins/node_declared_features.h"
#include "core/scheduler/plugins/node_name.h"
#include "core/scheduler/plugins/node_ports.h"
#include "core/scheduler/plugins/node_resources_fit.h"
#include "core/scheduler/plugins/pod_topology_spread.h"
#include "core/scheduler/plugins/queue_plugins.h"
#include "core/scheduler/plugins/taint_toleration.h"
#include "core/scheduler/plugins/volumes/node_volume_limits.h"
#include "core/scheduler/plugins/volumes/volume_binding.h"
#include "core/scheduler/plugins/volumes/volume_restrictions.h"
#include "core/scheduler/plugins/volumes/volume_zone.h"
#include "core/scheduler/profile.h"
#include "core/scheduler/research/fgd_score.h"
#include "core/scheduler/research/packing_rules.h"
#include "core/scheduler/research/packing_score.h"
#include "core/scheduler/research/random_score.h"

namespace orrery::scheduler {
namespace {

using Made = Result<std::unique_ptr<Plugin>>;

template <class T>
Made make(auto&&... args) {
  return std::unique_ptr<Plugin>(std::make_unique<T>(std::forward<decltype(args)>(args)...));
}

/// The arguments as T; defaults if none were given.
template <class T>
Result<T> args_as(const PluginArgs& args) {
  if (std::holds_alternative<std::monostate>(args)) return T{};
  if (const T* typed = std::get_if<T>(&args)) return *typed;
  return bad_request("arguments are of another plugin");
}

template <class T>
PluginFactory plain() {
  return [](const PluginArgs&, const PluginContext&) -> Made { return make<T>(); };
}

template <class T>
PluginFactory with_cache() {
  return [](const PluginArgs&, const PluginContext& c) -> Made { return make<T>(c.cache); };
}

Made make_fit(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<NodeResourcesFitArgs>(args);
  if (!typed.ok()) return typed.status();
  RETURN_IF_ERROR(check_resources(typed->resources));
  if (typed->strategy == ScoringStrategy::kRequestedToCapacityRatio) {
    RETURN_IF_ERROR(check_shape(typed->shape));
  }
  return make<NodeResourcesFit>(std::move(*typed), context.cache);
}

Made make_balanced(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<BalancedAllocationArgs>(args);
  if (!typed.ok()) return typed.status();
  RETURN_IF_ERROR(check_resources(typed->resources));
  return make<BalancedAllocation>(*typed, context.cache);
}

Made make_node_affinity(const PluginArgs& args, const PluginContext&) {
  auto typed = args_as<NodeAffinityArgs>(args);
  if (!typed.ok()) return typed.status();
  return make<NodeAffinity>(std::move(*typed));
}

Made make_gpu_device(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<GpuDeviceArgs>(args);
  if (!typed.ok()) return typed.status();
  return make<GpuDevice>(*typed, context.cache, context.client);
}

Made make_fgd(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<FgdArgs>(args);
  if (!typed.ok()) return typed.status();
  if (typed->typical_pods.empty()) {
    return bad_request("typicalPods: required: the pod shapes that fragmentation is measured by");
  }
  return make<FgdScore>(*typed, context.cache);
}

/// A packing policy: its name is not that of its rule, so each has a factory.
template <PackingScore::Rule rule>
PluginFactory packing(std::string_view name, bool stretches) {
  return [name, stretches](const PluginArgs&, const PluginContext& c) -> Made {
    return make<PackingScore>(name, rule, stretches, c.cache);
  };
}

Made make_topology_spread(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<PodTopologySpreadArgs>(args);
  if (!typed.ok()) return typed.status();
  return make<PodTopologySpread>(std::move(*typed), context.cache);
}

Made make_inter_pod_affinity(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<InterPodAffinityArgs>(args);
  if (!typed.ok()) return typed.status();
  if (typed->hard_pod_affinity_weight < 0 || typed->hard_pod_affinity_weight > 100) {
    return bad_request("hardPodAffinityWeight: Invalid value: " +
                       std::to_string(typed->hard_pod_affinity_weight) +
                       ": not in valid range [0-100]");
  }
  return make<InterPodAffinity>(*typed, context.cache);
}

Made make_default_preemption(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<DefaultPreemptionArgs>(args);
  if (!typed.ok()) return typed.status();
  return make<DefaultPreemption>(*typed, context);
}

Made make_volume_binding(const PluginArgs& args, const PluginContext& context) {
  auto typed = args_as<VolumeBindingArgs>(args);
  if (!typed.ok()) return typed.status();
  return make<VolumeBinding>(*typed, context);
}

}  // namespace

PluginRegistry built_in_plugins() {
  return {
      {"SchedulingGates", plain<SchedulingGates>()},
      {"PrioritySort", plain<PrioritySort>()},
      {"NodeUnschedulable", plain<NodeUnschedulable>()},
      {"NodeName", plain<NodeName>()},
      {"TaintToleration", plain<TaintToleration>()},
      {"NodeAffinity", make_node_affinity},
      {"NodePorts", with_cache<NodePorts>()},
      {"NodeResourcesFit", make_fit},
      {"GpuDevice", make_gpu_device},
      {"VolumeRestrictions", with_cache<VolumeRestrictions>()},
      {"NodeVolumeLimits", with_cache<NodeVolumeLimits>()},
      {"VolumeBinding", make_volume_binding},
      {"VolumeZone", with_cache<VolumeZone>()},
      {"PodTopologySpread", make_topology_spread},
      {"InterPodAffinity", make_inter_pod_affinity},
      {"DynamicResources", plain<DynamicResources>()},
      {"DefaultPreemption", make_default_preemption},
      {"GangScheduling",
       [](const PluginArgs&, const PluginContext& c) -> Made {
         return make<GangScheduling>(c);
       }},
      {"NodeResourcesBalancedAllocation", make_balanced},
      {"ImageLocality", with_cache<ImageLocality>()},
      {"BestFitScore", packing<best_fit>("BestFitScore", true)},
      {"DotProductScore", packing<dot_product>("DotProductScore", false)},
      {"GpuClusteringScore", packing<gpu_clustering>("GpuClusteringScore", false)},
      {"GpuPackingScore", packing<gpu_packing>("GpuPackingScore", false)},
      {"FGDScore", make_fgd},
      {"RandomScore",
       [](const PluginArgs&, const PluginContext& c) -> Made {
         return make<RandomScore>(c.env.random.seed(), c.cache);
       }},
      {"DefaultBinder",
       [](const PluginArgs&, const PluginContext& c) -> Made {
         return make<DefaultBinder>(c.client);
       }},
      {"NodeDeclaredFeatures", plain<NodeDeclaredFeatures>()},
  };
}

Profile default_profile() {
  const PluginRegistry registry = built_in_plugins();
  Profile profile;
  for (const DefaultPlugin& plugin : default_plugins()) {
    if (!registry.contains(plugin.name)) continue;
    profile.plugins.push_back({std::string(plugin.name), std::max(plugin.weight, 1)});
  }
  return profile;
}

}  // namespace orrery::scheduler
