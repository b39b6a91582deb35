// Profile: what a KubeSchedulerConfiguration says of one scheduler: enabled plugins in order,
// weights, arguments, sampling and tie-break. Plain data; a Framework is made from it and a plugin
// registry.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
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
#include "core/scheduler/research/typical_pods.h"

namespace orrery {
class EventRecorder;
}

namespace orrery::scheduler {

class ExtenderChain;
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

struct InterPodAffinityArgs {
  std::int32_t hard_pod_affinity_weight = 1;  // 0..100
  bool ignore_preferred_terms_of_existing_pods = false;
};

struct PodTopologySpreadArgs {
  bool system_defaulting = true;  // false: default_constraints are used
  std::vector<api::TopologySpreadConstraint> default_constraints;
};

struct DefaultPreemptionArgs {
  std::int32_t min_candidate_nodes_percentage = 10;
  std::int32_t min_candidate_nodes_absolute = 100;
};

struct VolumeBindingArgs {
  std::int64_t bind_timeout_seconds = 600;
  std::vector<ShapePoint> shape;
};

struct FgdArgs {
  /// What fragments are measured by; typical_pods() makes them from a list of pods.
  std::vector<TypicalPod> typical_pods;
};

using PluginArgs =
    std::variant<std::monostate, NodeResourcesFitArgs, BalancedAllocationArgs, NodeAffinityArgs,
                 GpuDeviceArgs, InterPodAffinityArgs, PodTopologySpreadArgs, DefaultPreemptionArgs,
                 VolumeBindingArgs, FgdArgs>;

/// The extension points, in upstream's order (frameworkImpl.getExtensionPoints).
enum class Point : std::uint8_t {
  kPreEnqueue,
  kQueueSort,
  kPreFilter,
  kFilter,
  kPostFilter,
  kPreScore,
  kScore,
  kReserve,
  kPermit,
  kPreBind,
  kBind,
  kPostBind
};
inline constexpr std::size_t kPointCount = 12;

/// A set of extension points: one bit each.
class PointSet {
 public:
  constexpr PointSet() = default;
  constexpr PointSet(std::initializer_list<Point> points) {
    for (const Point point : points) add(point);
  }
  static constexpr PointSet all() {
    PointSet out;
    out.bits_ = (1U << kPointCount) - 1;
    return out;
  }
  constexpr bool has(Point point) const { return bits_ >> static_cast<unsigned>(point) & 1; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void add(Point point) { bits_ |= 1U << static_cast<unsigned>(point); }
  constexpr void remove(Point point) { bits_ &= ~(1U << static_cast<unsigned>(point)); }
  bool operator==(const PointSet&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

struct EnabledPlugin {
  std::string name;
  std::int64_t weight = 1;
  PointSet points = PointSet::all();  // where it is enabled, of the points that it serves
};

struct Profile {
  Symbol scheduler_name{"default-scheduler"};
  std::vector<EnabledPlugin> plugins;
  /// Points whose plugins run in another order than `plugins`: names of all plugins there.
  std::map<Point, std::vector<std::string>> order;
  std::map<std::string, PluginArgs, std::less<>> args;
  std::int32_t percentage_of_nodes_to_score = 0;  // 0 = adaptive
  TieBreak tie_break = TieBreak::kRandom;
};

/// Pods that a Permit plugin holds back.
class WaitingPods {
 public:
  /// Turns the pod away; false if it does not wait.
  virtual bool reject_waiting(const Uid& uid, std::string why) = 0;
  /// Lets the pod go on, if it waits, once the running cycle is over.
  virtual void allow_later(const Uid& uid) = 0;

 protected:
  ~WaitingPods() = default;
};

/// What a plugin may use; outlives it.
struct PluginContext {
  Env& env;
  Client& client;
  SchedulerCache& cache;
  EventRecorder* events = nullptr;  // null: nobody is told
  WaitingPods* waiting = nullptr;   // null: no pod waits
  const ExtenderChain* extenders = nullptr;
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
