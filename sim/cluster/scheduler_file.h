// Reads a KubeSchedulerConfiguration file (YAML or JSON) for a simulated scheduler. Called by
// Simulation and the CLI; mistakes come back as `FILE:LINE: field: what`, all of them at once.
#pragma once

#include <string>
#include <string_view>

#include "core/scheduler/config/configuration.h"

namespace orrery::sim {

/// BadRequest or NotFound if the file cannot be read, Invalid if it is wrong.
Result<scheduler::SchedulerConfiguration> read_scheduler_file(const std::string& file);
/// The same for text; `file` names it in errors.
Result<scheduler::SchedulerConfiguration> parse_scheduler_text(std::string_view text,
                                                               const std::string& file);

}  // namespace orrery::sim
