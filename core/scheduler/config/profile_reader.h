// Reads the profiles of a KubeSchedulerConfiguration. Two steps, as upstream: read_profiles takes
// everything in and checks each profile, finish_profiles merges in the defaults and checks them
// against each other. Called by parse_scheduler_configuration only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/api/checks/field_error.h"
#include "core/scheduler/config/object_reader.h"
#include "core/scheduler/config/plugin_sets.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler::config {

/// Where readers of a document put what they find.
struct Findings {
  api::FieldErrors errors;
  std::vector<std::string> notes;
};

struct ProfileDraft {
  std::string path;  // profiles[0]
  std::string scheduler_name;
  std::optional<std::int32_t> percentage_of_nodes_to_score;
  PluginSets sets;  // as given, then merged
  Profile profile;  // arguments, tie-break
};

/// `documents` empty: one profile with all defaults.
std::vector<ProfileDraft> read_profiles(std::vector<ObjectReader> documents,
                                        const PluginRegistry& registry, Findings& findings);
/// The profiles, in order. Call it if nothing was wrong so far; check `findings` again.
std::vector<Profile> finish_profiles(std::vector<ProfileDraft> drafts,
                                     std::int32_t percentage_of_nodes_to_score,
                                     const PluginRegistry& registry, Findings& findings);

}  // namespace orrery::scheduler::config
