// The last-applied annotation of `kubectl apply` without server-side apply. Objects that were
// applied so are taken over by the manager "kubectl" without conflicts, and its applies keep the
// annotation up to date, so that users can go back. Only apply.cpp calls it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/api/managed/field_set.h"
#include "core/api/managed/ownership.h"

namespace orrery::api::managed {

/// The fields whose stored value is still the annotated one: those may be taken over. Nothing when
/// there is no usable annotation.
std::optional<FieldSet> last_applied_fields(const Write& write, const nlohmann::json& live);

/// Writes the configuration into the annotation of an object that has one.
void renew_last_applied(const nlohmann::json& config, nlohmann::json& object);

}  // namespace orrery::api::managed
