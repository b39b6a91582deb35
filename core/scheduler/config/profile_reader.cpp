#include "core/scheduler/config/profile_reader.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/scheduler/config/plugin_args.h"
#include "core/scheduler/default_plugins.h"

namespace orrery::scheduler::config {
namespace {

using api::FieldErrors;
using api::Path;

constexpr std::string_view kVersion = "kubescheduler.config.k8s.io/v1";

PluginSet read_set(ObjectReader from) {
  PluginSet set;
  for (ObjectReader& item : from.objects("enabled")) {
    PluginChoice& choice = set.enabled.emplace_back();
    item.read("name", choice.name);
    item.read("weight", choice.weight);
    item.finish();
  }
  for (ObjectReader& item : from.objects("disabled")) {
    item.read("name", set.disabled.emplace_back());
    item.skip_number("weight");
    item.finish();
  }
  from.finish();
  return set;
}

/// validatePluginSetForInvalidPlugins: plugins that v1 no longer has.
bool is_removed(std::string_view name) {
  return name == "AzureDiskLimits" || name == "CinderLimits" || name == "EBSLimits" ||
         name == "GCEPDLimits";
}

std::string removed_message() {
  return "was invalid in version \"" + std::string(kVersion) +
         "\" (KubeSchedulerConfiguration is version \"" + std::string(kVersion) + "\")";
}

void check_removed(FieldErrors& errors, const PluginSets& sets, const Path& path) {
  for (std::size_t p = 0; p < kPointCount; ++p) {
    const Path set = path.child(field_name(static_cast<Point>(p)));
    const auto& enabled = sets.points[p].enabled;
    for (std::size_t i = 0; i < enabled.size(); ++i) {
      if (!is_removed(enabled[i].name)) continue;
      errors.invalid(set.at("enabled", i), enabled[i].name, removed_message());
    }
  }
}

PluginSets read_sets(ObjectReader from, const PluginRegistry& registry, Findings& findings) {
  PluginSets sets;
  sets.multi_point = read_set(from.object("multiPoint"));
  for (std::size_t i = 0; i < kPointCount; ++i) {
    sets.points[i] = read_set(from.object(field_name(static_cast<Point>(i))));
  }
  for (const std::string_view name : {"placementGenerate", "placementScore"}) {
    const PluginSet set = read_set(from.object(name));
    if (set != PluginSet{}) findings.notes.push_back(from.path_of(name) + " has no effect");
  }
  from.finish();
  const Path path(from.path());
  check_removed(findings.errors, sets, path);
  check_sets(findings.errors, sets, registry, path);
  return sets;
}

void read_plugin_config(std::vector<ObjectReader> list, const PluginRegistry& registry,
                        Findings& findings, Profile& profile) {
  std::set<std::string> seen;
  for (ObjectReader& item : list) {
    std::string name;
    item.read("name", name);
    const Path path(item.path());
    if (!seen.insert(name).second) findings.errors.duplicate(path, name);
    if (is_removed(name)) {
      findings.errors.invalid(path, name, removed_message());
      item.skip("args");
    } else if (takes_args(name)) {
      ObjectReader args = item.object("args");
      profile.args.insert_or_assign(name, read_args(name, args, findings.errors));
    } else {
      item.skip("args");
      const bool exists = known_points(name) || registry.contains(name);
      findings.notes.push_back(item.path() + (exists ? ": plugin \"" + name + "\" has no arguments"
                                                     : ": there is no plugin \"" + name + "\""));
    }
    item.finish();
  }
}

void read_tie_break(ObjectReader& from, Profile& profile, FieldErrors& errors) {
  constexpr std::string_view kNames[] = {"Random", "LowestName", "FirstIndex"};
  std::string name = "Random";
  from.read("tieBreak", name);
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) {
    errors.not_supported(Path(from.path()).child("tieBreak"), name,
                         {kNames[0], kNames[1], kNames[2]});
    return;
  }
  profile.tie_break = static_cast<TieBreak>(found - std::begin(kNames));
}

void check_percentage(FieldErrors& errors, const std::optional<std::int32_t>& percentage,
                      const Path& path) {
  if (!percentage || (*percentage >= 0 && *percentage <= 100)) return;
  errors.invalid(path.child("percentageOfNodesToScore"), std::int64_t{*percentage},
                 "not in valid range [0-100]");
}

ProfileDraft read_profile(ObjectReader& from, bool is_only_one, const PluginRegistry& registry,
                          Findings& findings) {
  ProfileDraft draft;
  draft.path = from.path();
  const Path path(draft.path);
  std::optional<std::string> name;
  from.read("schedulerName", name);
  draft.scheduler_name = name.value_or(is_only_one ? "default-scheduler" : "");
  if (draft.scheduler_name.empty()) findings.errors.required(path.child("schedulerName"));
  from.read("percentageOfNodesToScore", draft.percentage_of_nodes_to_score);
  check_percentage(findings.errors, draft.percentage_of_nodes_to_score, path);
  if (from.has("percentageOfPlacementsToScore")) {
    findings.notes.push_back(from.path_of("percentageOfPlacementsToScore") + " has no effect");
  }
  draft.sets = read_sets(from.object("plugins"), registry, findings);
  read_plugin_config(from.objects("pluginConfig"), registry, findings, draft.profile);
  read_tie_break(from, draft.profile, findings.errors);
  from.finish();
  return draft;
}

PluginSets with_defaults(const PluginSets& custom) {
  const PluginSets defaults = default_sets();
  PluginSets out;
  out.multi_point = merge(defaults.multi_point, custom.multi_point);
  for (std::size_t i = 0; i < kPointCount; ++i) {
    out.points[i] = merge(defaults.points[i], custom.points[i]);
  }
  return out;
}

/// The plugin that sorts this profile's pods; empty if there is none.
std::string queue_sort_of(const Profile& profile) {
  for (const EnabledPlugin& plugin : profile.plugins) {
    const auto points = known_points(plugin.name);
    if (points && points->has(Point::kQueueSort) && plugin.points.has(Point::kQueueSort)) {
      return plugin.name;
    }
  }
  return {};
}

/// validateCommonQueueSort, and the same of what multiPoint enables (profile.NewMap).
void check_queue_sort(FieldErrors& errors, const std::vector<ProfileDraft>& drafts) {
  const PluginSet& first = drafts[0].sets.at(Point::kQueueSort);
  if (first.enabled.size() > 1) {
    errors.invalid(Path("profiles[0].plugins.queueSort.Enabled"),
                   static_cast<std::int64_t>(first.enabled.size()),
                   "only one queue sort plugin can be enabled");
  }
  for (std::size_t i = 1; i < drafts.size(); ++i) {
    const std::string name = queue_sort_of(drafts[i].profile);
    const bool same = drafts[i].sets.at(Point::kQueueSort) == first &&
                      name == queue_sort_of(drafts[0].profile);
    if (same) continue;
    errors.invalid(Path(drafts[i].path).child("plugins.queueSort"), name,
                   "must be the same for all profiles");
  }
}

}  // namespace

std::vector<ProfileDraft> read_profiles(std::vector<ObjectReader> documents,
                                        const PluginRegistry& registry, Findings& findings) {
  std::vector<ProfileDraft> drafts;
  for (ObjectReader& document : documents) {
    drafts.push_back(read_profile(document, documents.size() == 1, registry, findings));
  }
  if (drafts.empty()) drafts.push_back({"profiles[0]", "default-scheduler", {}, {}, {}});
  std::map<std::string, std::string> paths;
  for (const ProfileDraft& draft : drafts) {
    const auto [first, is_new] = paths.emplace(draft.scheduler_name, draft.path);
    if (is_new) continue;
    findings.errors.duplicate(Path(draft.path).child("schedulerName"),
                              first->second + ".schedulerName");
  }
  return drafts;
}

std::vector<Profile> finish_profiles(std::vector<ProfileDraft> drafts,
                                     std::int32_t percentage_of_nodes_to_score,
                                     const PluginRegistry& registry, Findings& findings) {
  for (ProfileDraft& draft : drafts) {
    draft.sets = with_defaults(draft.sets);
    draft.profile.scheduler_name = Symbol(draft.scheduler_name);
    draft.profile.percentage_of_nodes_to_score =
        draft.percentage_of_nodes_to_score.value_or(percentage_of_nodes_to_score);
    for (const std::string& name : spread(draft.sets, registry, draft.profile)) {
      findings.notes.push_back(draft.path + ": plugin \"" + name + "\" is not built: left out");
    }
  }
  check_queue_sort(findings.errors, drafts);
  std::vector<Profile> out;
  for (ProfileDraft& draft : drafts) out.push_back(std::move(draft.profile));
  return out;
}

}  // namespace orrery::scheduler::config
