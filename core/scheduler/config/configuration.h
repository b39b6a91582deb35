// Reads KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1) with kube-scheduler 1.36's
// defaults, merging and checks. Callers turn YAML into JSON and say where fields stand; all
// mistakes of a document come back at once, each as `FILE:LINE: profiles[0].x: what`.
//
//   document -> ObjectReader -> sets, arguments, extenders -> checks -> Profile (plugin_sets.h)
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/scheduler/extender_config.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

struct SchedulerConfiguration {
  std::vector<Profile> profiles;  // never empty; each with its own or the global percentage
  Duration pod_initial_backoff = 1s;
  Duration pod_max_backoff = 10s;
  std::int32_t parallelism = 16;  // accepted; decisions do not depend on it
  std::vector<ExtenderConfig> extenders;  // ignorable ones last, as they are called
  /// What was read but changes nothing here, one sentence each.
  std::vector<std::string> notes;
};

/// The 1-based line of a field path such as `profiles[0].plugins`; 0 if it is not known.
using LineOf = std::function<int(std::string_view path)>;

/// `file` names the document in errors. Invalid: the message has a line for each mistake,
/// details().causes an entry. Plugins must be in `registry` or known to upstream; known ones that
/// the registry lacks are left out of the profiles and noted.
Result<SchedulerConfiguration> parse_scheduler_configuration(
    const nlohmann::json& document, std::string_view file, const LineOf& line_of = {},
    const PluginRegistry& registry = built_in_plugins());

}  // namespace orrery::scheduler
