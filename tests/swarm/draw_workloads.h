// draw_workloads: the workloads of one swarm seed, as manifest text. Called by draw_scenario. All pods
// together ask for less than half of the cluster, each for at most an eighth of the smallest node.
#pragma once

#include <string>

#include "core/base/random.h"
#include "tests/swarm/draw_scenario.h"

namespace orrery::swarm {

/// Fills drawing.workloads and drawing.manifest_text.
void draw_workloads(Drawing& drawing, RandomStream& stream);

}  // namespace orrery::swarm
