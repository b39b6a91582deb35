// Profile: what a KubeSchedulerConfiguration says of one scheduler: enabled plugins in order,
// weights, arguments, sampling and tie-break. Plain data; a Framework is made from it and a plugin
// registry.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/api/pod_spec.h"
#include "core/base/result.h"
#include "core/base/symbol.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery::scheduler {

class Plugin;
class SchedulerCache;

/// Which of the equally good nodes is taken.
enum class TieBreak : std::uint8_t {
  kRandom,      // as kube-scheduler: uniform, from the stream "scheduler.tie_break"
  kLowestName,  // the least node name
  kFirstIndex,  // the first in the order of the scan
};

struct ResourceWeight {
  Symbol name;
  std::int64_t weight = 1;
};

struct ShapePoint {
  std::int64_t utilization = 0;  // percent
  std::int64_t score = 0;        // 0..10
};

enum class ScoringStrategy : std::uint8_t {
  kLeastAllocated,
  kMostAllocated,
  kRequestedToCapacityRatio
};

struct NodeResourcesFitArgs {
  ScoringStrategy strategy = ScoringStrategy::kLeastAllocated;
  std::vector<ResourceWeight> resources{{Symbol("cpu"), 1}, {Symbol("memory"), 1}};
  std::vector<ShapePoint> shape;
  std::vector<Symbol> ignored_resources;
  std::vector<Symbol> ignored_resource_groups;  // "nvidia.com"
};

struct BalancedAllocationArgs {
  std::vector<ResourceWeight> resources{{Symbol("cpu"), 1}, {Symbol("memory"), 1}};
};

struct NodeAffinityArgs {
  api::Shared<api::NodeAffinity> added_affinity;
};

struct GpuDeviceArgs {
  /// Writes the chosen devices into the pod's annotation orrery.dev/gpu-devices before it is bound.
  bool records_devices = true;
};

using PluginArgs = std::variant<std::monostate, NodeResourcesFitArgs, BalancedAllocationArgs,
                                NodeAffinityArgs, GpuDeviceArgs>;

struct EnabledPlugin {
  std::string name;
  std::int64_t weight = 1;
  bool scores = true;   // false: its Score is disabled
  bool filters = true;  // false: its Filter is disabled
};

struct Profile {
  Symbol scheduler_name{"default-scheduler"};
  std::vector<EnabledPlugin> plugins;
  std::map<std::string, PluginArgs, std::less<>> args;
  std::int32_t percentage_of_nodes_to_score = 0;  // 0 = adaptive
  TieBreak tie_break = TieBreak::kRandom;
};

/// What a plugin may use; outlives it.
struct PluginContext {
  Env& env;
  Client& client;
  SchedulerCache& cache;
};

using PluginFactory =
    std::function<Result<std::unique_ptr<Plugin>>(const PluginArgs&, const PluginContext&)>;
/// Plugins by name; a program may add its own.
using PluginRegistry = std::map<std::string, PluginFactory, std::less<>>;

/// The plugins of this library.
PluginRegistry built_in_plugins();
/// The default profile: kube-scheduler's plugins and weights as far as they are built, and
/// GpuDevice.
Profile default_profile();

}  // namespace orrery::scheduler
