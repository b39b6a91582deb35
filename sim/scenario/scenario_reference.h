// The field reference of docs/scenario.md, written from the field tables. A test compares the
// document with it; `orrery explain scenario` may print it.
#pragma once

#include <string>

namespace orrery::sim {

/// Markdown: one section a type with a table of its fields, then the verbs and faults of actions.
std::string scenario_reference();

}  // namespace orrery::sim
