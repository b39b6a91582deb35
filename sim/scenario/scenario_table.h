// The field table of a scenario's `spec`; metadata and the header are read by scenario_reader.cpp.
#pragma once

#include "sim/scenario/field_table.h"

namespace orrery::sim {

const TypeTable& spec_table();

}  // namespace orrery::sim
