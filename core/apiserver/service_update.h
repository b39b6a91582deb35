// What an update of a Service keeps and drops by itself, on documents (registry/core/service:
// patchAllocatedValues and dropTypeDependentFields). Called by update only, after defaults and
// before validation.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orrery::apiserver {

/// A client that leaves out the allocated address and ports does not give them back.
void keep_allocated_values(nlohmann::json& now, const nlohmann::json& old);
/// Fields that the old type needed and the new one does not, where the client did not touch them.
void drop_fields_of_old_type(nlohmann::json& now, const nlohmann::json& old);

}  // namespace orrery::apiserver
