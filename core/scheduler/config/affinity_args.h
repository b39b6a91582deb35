// The arguments that hold parts of pod specs: NodeAffinityArgs.addedAffinity and
// PodTopologySpreadArgs.defaultConstraints. Called by read_args only.
#pragma once

#include "core/api/checks/field_error.h"
#include "core/scheduler/config/object_reader.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler::config {

PluginArgs read_node_affinity(ObjectReader& args, api::FieldErrors& errors);
PluginArgs read_topology_spread(ObjectReader& args, api::FieldErrors& errors);

}  // namespace orrery::scheduler::config
