// Conflicts of an apply: fields that other managers own and that it would change.
#pragma once

#include <string>
#include <vector>

#include "core/api/managed/entries.h"
#include "core/base/status.h"

namespace orrery::api::managed {

/// The fields of one manager that would change.
struct Conflict {
  Manager manager;  // its `fields` are the ones in conflict
};

/// The 409 of upstream: `Apply failed with 1 conflict: conflict with "m": .data.a`, and a
/// FieldManagerConflict cause a field.
Status conflict_status(std::vector<Conflict> conflicts);

}  // namespace orrery::api::managed
