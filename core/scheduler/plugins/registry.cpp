#include "core/scheduler/cache.h"
#include "core/scheduler/plugins/balanced_allocation.h"
#include "core/scheduler/plugins/default_binder.h"
#include "core/scheduler/plugins/gpu_device.h"
#include "core/scheduler/plugins/image_locality.h"
#include "core/scheduler/plugins/node_affinity.h"
#include "core/scheduler/plugins/node_name.h"
#include "core/scheduler/plugins/node_ports.h"
#include "core/scheduler/plugins/node_resources_fit.h"
#include "core/scheduler/plugins/queue_plugins.h"
#include "core/scheduler/plugins/taint_toleration.h"
#include "core/scheduler/profile.h"

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
      {"NodeResourcesBalancedAllocation", make_balanced},
      {"ImageLocality", with_cache<ImageLocality>()},
      {"DefaultBinder",
       [](const PluginArgs&, const PluginContext& c) -> Made {
         return make<DefaultBinder>(c.client);
       }},
  };
}

Profile default_profile() {
  Profile profile;
  profile.plugins = {
      {"SchedulingGates"},    {"PrioritySort"},
      {"NodeUnschedulable"},  {"NodeName"},
      {"TaintToleration", 3}, {"NodeAffinity", 2},
      {"NodePorts"},          {"NodeResourcesFit", 1},
      {"GpuDevice"},          {"NodeResourcesBalancedAllocation", 1},
      {"ImageLocality", 1},   {"DefaultBinder"},
  };
  return profile;
}

}  // namespace orrery::scheduler
