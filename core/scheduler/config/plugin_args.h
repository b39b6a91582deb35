// The arguments of plugins in KubeSchedulerConfiguration (pluginConfig[].args): reading, defaults
// (v1/defaults.go) and checks with upstream's messages (validation_pluginargs.go).
#pragma once

#include "core/api/checks/field_error.h"
#include "core/scheduler/config/object_reader.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler::config {

/// Whether this plugin has arguments.
bool takes_args(std::string_view plugin);

/// Reads and checks `args` of a plugin that takes_args(). Mistakes of form go where `args` puts
/// them, wrong values into `errors`.
PluginArgs read_args(std::string_view plugin, ObjectReader& args, api::FieldErrors& errors);

}  // namespace orrery::scheduler::config
