// draw_workloads: the workloads of one swarm seed, as manifest text. Called by draw_scenario. All
// pods together ask for less than half of the cluster, each for at most an eighth of the smallest
// node.
#pragma once

#include <string_view>

#include "core/base/random.h"
#include "tests/swarm/draw_scenario.h"

namespace orrery::swarm {

/// Fills drawing.workloads and drawing.manifest_text.
void draw_workloads(Drawing& drawing, RandomStream& stream);

/// As the API calls it.
std::string_view kind_text(DrawnWorkload::Kind kind);

}  // namespace orrery::swarm
