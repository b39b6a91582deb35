// Reads and checks the extenders of a KubeSchedulerConfiguration (validateExtenders). Called by
// parse_scheduler_configuration only.
#pragma once

#include <vector>

#include "core/api/checks/field_error.h"
#include "core/scheduler/config/object_reader.h"
#include "core/scheduler/extender_config.h"

namespace orrery::scheduler::config {

/// In the order in which they are called: ignorable ones last.
std::vector<ExtenderConfig> read_extenders(std::vector<ObjectReader> list,
                                           api::FieldErrors& errors);

}  // namespace orrery::scheduler::config
