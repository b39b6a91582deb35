// final_checks: what must hold when the quiet half of a swarm run is over: everything that was
// asked for is there and nothing else is. Called by the swarm test after Simulation::run().
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/simulation.h"
#include "tests/swarm/draw_scenario.h"

namespace orrery::swarm {

/// Empty is good.
std::vector<std::string> final_problems(sim::Simulation& simulation, const Drawing& drawing);

}  // namespace orrery::swarm
