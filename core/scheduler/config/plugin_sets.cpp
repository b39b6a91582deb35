#include "core/scheduler/config/plugin_sets.h"

#include <algorithm>
#include <set>

#include "core/scheduler/default_plugins.h"

namespace orrery::scheduler::config {
namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const PluginChoice* find(const std::vector<PluginChoice>& choices, std::string_view name) {
  for (const PluginChoice& choice : choices) {
    if (choice.name == name) return &choice;
  }
  return nullptr;
}

void check_set(api::FieldErrors& errors, const PluginSet& set, const Point* point,
               const PluginRegistry& registry, const api::Path& path) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < set.enabled.size(); ++i) {
    const std::string& name = set.enabled[i].name;
    const api::Path entry = path.at("enabled", i);
    const auto known = known_points(name);
    const std::string interface = point ? std::string(interface_name(*point)) : "Plugin";
    if (name.empty()) {
      errors.required(entry.child("name"));
    } else if (!known && !registry.contains(name)) {
      errors.invalid(entry.child("name"), name, interface + " \"" + name + "\" does not exist");
    } else if (point && known && !known->has(*point)) {
      errors.invalid(entry.child("name"), name,
                     "plugin \"" + name + "\" does not extend " + interface + " plugin");
    } else if (!seen.insert(name).second) {
      errors.invalid(entry.child("name"), name,
                     "plugin \"" + name + "\" already registered as \"" + interface + "\"");
    }
  }
}

/// The plugins of a point in the order in which they run (expandMultiPointPlugins): those that the
/// point names again, those of multiPoint alone, then those of the point alone.
std::vector<std::string> names_at(const PluginSets& sets, Point point) {
  const PluginSet& own = sets.at(point);
  std::vector<std::string> names;
  if (holds(own.disabled, "*")) {
    for (const PluginChoice& choice : own.enabled) names.push_back(choice.name);
    return names;
  }
  const std::vector<PluginChoice>& multi = sets.multi_point.enabled;
  const auto overrides = [&](const std::string& name) {
    return find(multi, name) && !holds(own.disabled, name);
  };
  for (const PluginChoice& choice : own.enabled) {
    if (overrides(choice.name)) names.push_back(choice.name);
  }
  for (const PluginChoice& choice : multi) {
    if (holds(own.disabled, choice.name) || find(own.enabled, choice.name)) continue;
    names.push_back(choice.name);
  }
  for (const PluginChoice& choice : own.enabled) {
    if (!overrides(choice.name)) names.push_back(choice.name);
  }
  return names;
}

std::int64_t weight_of(const PluginSets& sets, std::string_view name) {
  const PluginChoice* choice = find(sets.at(Point::kScore).enabled, name);
  if (!choice) choice = find(sets.multi_point.enabled, name);
  const std::int32_t weight = choice ? choice->weight.value_or(0) : 0;
  return weight == 0 ? 1 : weight;
}

/// All plugins that are enabled anywhere, multiPoint's first.
std::vector<std::string> needed(const PluginSets& sets) {
  std::vector<std::string> names;
  const auto take = [&](const PluginSet& set) {
    for (const PluginChoice& choice : set.enabled) {
      if (!holds(names, choice.name)) names.push_back(choice.name);
    }
  };
  take(sets.multi_point);
  for (const PluginSet& set : sets.points) take(set);
  return names;
}

}  // namespace

PluginSets default_sets() {
  PluginSets sets;
  for (const DefaultPlugin& plugin : default_plugins()) {
    PluginChoice& choice = sets.multi_point.enabled.emplace_back();
    choice.name = plugin.name;
    if (plugin.weight != 0) choice.weight = plugin.weight;
  }
  return sets;
}

PluginSet merge(const PluginSet& defaults, const PluginSet& custom) {
  PluginSet out;
  out.disabled = custom.disabled;
  out.disabled.insert(out.disabled.end(), defaults.disabled.begin(), defaults.disabled.end());
  std::set<std::string_view> replaced;
  if (!holds(out.disabled, "*")) {
    for (const PluginChoice& choice : defaults.enabled) {
      if (holds(out.disabled, choice.name)) continue;
      const PluginChoice* again = find(custom.enabled, choice.name);
      if (again) replaced.insert(again->name);
      out.enabled.push_back(again ? *again : choice);
    }
  }
  for (const PluginChoice& choice : custom.enabled) {
    if (!replaced.contains(choice.name)) out.enabled.push_back(choice);
  }
  return out;
}

void check_sets(api::FieldErrors& errors, const PluginSets& custom, const PluginRegistry& registry,
                const api::Path& path) {
  check_set(errors, custom.multi_point, nullptr, registry, path.child("multiPoint"));
  for (std::size_t i = 0; i < kPointCount; ++i) {
    const Point point = static_cast<Point>(i);
    check_set(errors, custom.at(point), &point, registry, path.child(field_name(point)));
  }
}

std::vector<std::string> spread(const PluginSets& merged, const PluginRegistry& registry,
                                Profile& profile) {
  std::vector<std::string> missing;
  profile.plugins.clear();
  profile.order.clear();
  for (std::string& name : needed(merged)) {
    if (!registry.contains(name)) {
      missing.push_back(std::move(name));
      continue;
    }
    const std::int64_t weight = weight_of(merged, name);
    profile.plugins.push_back({std::move(name), weight, PointSet{}});
  }
  for (std::size_t i = 0; i < kPointCount; ++i) {
    const Point point = static_cast<Point>(i);
    std::vector<std::string> names = names_at(merged, point);
    std::erase_if(names, [&](const std::string& name) { return holds(missing, name); });
    std::vector<std::string> as_listed;
    for (EnabledPlugin& plugin : profile.plugins) {
      if (!holds(names, plugin.name)) continue;
      plugin.points.add(point);
      as_listed.push_back(plugin.name);
    }
    if (names != as_listed) profile.order[point] = std::move(names);
  }
  return missing;
}

}  // namespace orrery::scheduler::config
