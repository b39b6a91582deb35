#include "core/scheduler/default_plugins.h"

#include <array>
#include <iterator>

namespace orrery::scheduler {
namespace {

constexpr DefaultPlugin kDefaults[] = {
    {"SchedulingGates", 0},
    {"PrioritySort", 0},
    {"NodeUnschedulable", 0},
    {"NodeName", 0},
    {"TaintToleration", 3},
    {"NodeAffinity", 2},
    {"NodePorts", 0},
    {"NodeResourcesFit", 1},
    {"GpuDevice", 0},
    {"VolumeRestrictions", 0},
    {"NodeVolumeLimits", 0},
    {"VolumeBinding", 0},
    {"VolumeZone", 0},
    {"PodTopologySpread", 2},
    {"InterPodAffinity", 2},
    {"DynamicResources", 2},
    {"DefaultPreemption", 0},
    {"GangScheduling", 0},
    {"NodeResourcesBalancedAllocation", 1},
    {"ImageLocality", 1},
    {"DefaultBinder", 0},
    {"NodeDeclaredFeatures", 0},
};

struct KnownPlugin {
  std::string_view name;
  PointSet points;
};

constexpr PointSet kFilters{Point::kPreFilter, Point::kFilter};
constexpr PointSet kFiltersAndScores{Point::kPreFilter, Point::kFilter, Point::kPreScore,
                                     Point::kScore};

constexpr KnownPlugin kKnown[] = {
    {"SchedulingGates", {Point::kPreEnqueue}},
    {"PrioritySort", {Point::kQueueSort}},
    {"NodeUnschedulable", {Point::kFilter}},
    {"NodeName", {Point::kFilter}},
    {"TaintToleration", {Point::kFilter, Point::kPreScore, Point::kScore}},
    {"NodeAffinity", kFiltersAndScores},
    {"NodePorts", kFilters},
    {"NodeResourcesFit", kFiltersAndScores},
    {"VolumeRestrictions", kFilters},
    {"NodeVolumeLimits", kFilters},
    {"VolumeBinding",
     {Point::kPreFilter, Point::kFilter, Point::kPreScore, Point::kScore, Point::kReserve,
      Point::kPreBind}},
    {"VolumeZone", kFilters},
    {"PodTopologySpread", kFiltersAndScores},
    {"InterPodAffinity", kFiltersAndScores},
    {"DynamicResources",
     {Point::kPreEnqueue, Point::kPreFilter, Point::kFilter, Point::kPostFilter, Point::kScore,
      Point::kReserve, Point::kPreBind}},
    {"DefaultPreemption", {Point::kPreEnqueue, Point::kPostFilter}},
    {"GangScheduling", {Point::kPreEnqueue, Point::kPostFilter, Point::kPermit}},
    {"NodeResourcesBalancedAllocation", {Point::kPreScore, Point::kScore}},
    {"ImageLocality", {Point::kScore}},
    {"DefaultBinder", {Point::kBind}},
    {"NodeDeclaredFeatures", kFilters},
};

struct PointName {
  std::string_view field, interface;
};

constexpr std::array<PointName, kPointCount> kPointNames{{{"preEnqueue", "PreEnqueuePlugin"},
                                                          {"queueSort", "QueueSortPlugin"},
                                                          {"preFilter", "PreFilterPlugin"},
                                                          {"filter", "FilterPlugin"},
                                                          {"postFilter", "PostFilterPlugin"},
                                                          {"preScore", "PreScorePlugin"},
                                                          {"score", "ScorePlugin"},
                                                          {"reserve", "ReservePlugin"},
                                                          {"permit", "PermitPlugin"},
                                                          {"preBind", "PreBindPlugin"},
                                                          {"bind", "BindPlugin"},
                                                          {"postBind", "PostBindPlugin"}}};

}  // namespace

std::span<const DefaultPlugin> default_plugins() { return kDefaults; }

std::optional<PointSet> known_points(std::string_view plugin) {
  for (const KnownPlugin& known : kKnown) {
    if (known.name == plugin) return known.points;
  }
  return std::nullopt;
}

std::string_view field_name(Point point) {
  return kPointNames[static_cast<std::size_t>(point)].field;
}

std::string_view interface_name(Point point) {
  return kPointNames[static_cast<std::size_t>(point)].interface;
}

}  // namespace orrery::scheduler
