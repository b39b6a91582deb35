// Settings of the engine's parts, made from a scenario: how containers behave, how the scheduler
// scores, how far away the API server is.
#pragma once

#include "core/scheduler/profile.h"
#include "sim/cluster/local_client.h"
#include "sim/container_model/container_model_config.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

ContainerModelConfig container_model_of(const Scenario& scenario);
scheduler::Profile scheduler_profile_of(const Scenario& scenario);
LinkModel link_of(const Scenario& scenario);

}  // namespace orrery::sim
