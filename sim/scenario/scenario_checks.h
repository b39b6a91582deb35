// Checks of a scenario across its parts: zones and pools that are named but not there, actions
// after the end, files that do not exist. Runs after a file was read without errors.
#pragma once

#include "sim/scenario/input_error.h"
#include "sim/scenario/line_index.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

void check_scenario(const Scenario& scenario, const LineIndex& lines, bool check_paths,
                    InputErrors& errors);

}  // namespace orrery::sim
