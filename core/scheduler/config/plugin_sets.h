// Enabling and disabling plugins as KubeSchedulerConfiguration does it: a profile's sets are merged
// into the defaults (upstream's mergePluginSet) and multiPoint is spread over the extension points
// (expandMultiPointPlugins). No JSON here; the reader of profiles calls it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/api/checks/field_error.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler::config {

struct PluginChoice {
  std::string name;
  std::optional<std::int32_t> weight;
  bool operator==(const PluginChoice&) const = default;
};

struct PluginSet {
  std::vector<PluginChoice> enabled;
  std::vector<std::string> disabled;
  bool operator==(const PluginSet&) const = default;
};

struct PluginSets {
  PluginSet multi_point;
  std::array<PluginSet, kPointCount> points;
  const PluginSet& at(Point point) const { return points[static_cast<std::size_t>(point)]; }
  PluginSet& at(Point point) { return points[static_cast<std::size_t>(point)]; }
};

/// multiPoint: default_plugins().
PluginSets default_sets();
/// `custom` keeps the place of a default that it names again; other plugins come after.
PluginSet merge(const PluginSet& defaults, const PluginSet& custom);

/// What is wrong with sets as a configuration gives them: plugins that are in no registry, that do
/// not serve the point, or that are enabled twice. Names stand below `path` (profiles[0].plugins).
void check_sets(api::FieldErrors& errors, const PluginSets& custom, const PluginRegistry& registry,
                const api::Path& path);

/// Sets `plugins` and `order` of the profile: who runs where, in what order, with what weight.
/// Known plugins that the registry lacks are left out; their names are returned.
std::vector<std::string> spread(const PluginSets& merged, const PluginRegistry& registry,
                                Profile& profile);

}  // namespace orrery::scheduler::config
