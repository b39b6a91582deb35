// managedFields after a write that is not an apply: create, PUT, PATCH, and what controllers do.
// The API server calls it with the object as defaulted and before admission and the registry
// strategy change it: what those set has no owner.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/managed/entries.h"
#include "core/api/managed/ownership.h"

namespace orrery::api::managed {

/// The new metadata.managedFields (a list, or null: none). `live` is the stored object, null for a
/// create; `fresh` is the object to store. managedFields that `fresh` carries replace the stored
/// ones, `[]` and `[{}]` forget all managers; a subresource's are ignored, and so are malformed or
/// absent ones. Fields that changed belong to the writer from now on and to nobody else.
nlohmann::json updated_managers(const Write& write, const nlohmann::json& live,
                                const nlohmann::json& fresh);

/// The same on decoded entries: `live` may be null. Used by apply for "before-first-apply".
void record_update(const Write& write, const nlohmann::json& live, const nlohmann::json& fresh,
                   Managers& managers);

/// When `fresh` differs from `live` in the times of managedFields only, gives it `live`'s entries,
/// so that a write that changes nothing stores nothing.
void keep_times_if_unchanged(const nlohmann::json& live, nlohmann::json& fresh);

}  // namespace orrery::api::managed
