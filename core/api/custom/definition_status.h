// The status of a CRD as upstream's naming and establishing controllers write it: which names are
// accepted, and whether the resource is served. The API server calls accepted_status when a CRD of
// the group was written or removed (a removal frees names: look at all others of its group again).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

#include "core/base/time.h"

namespace orrery::api {

/// The new status of `definition`; equal to the old one where nothing changes. `others`: all CRDs
/// (those of other groups and the definition itself do no harm). As upstream, names of built-in
/// resources are not looked at: groups are what keeps them apart.
nlohmann::json accepted_status(const nlohmann::json& definition,
                               std::span<const nlohmann::json* const> others, Time now);

/// Whether status.conditions has this type with status "True".
bool is_condition_true(const nlohmann::json& definition, std::string_view type);

/// The finalizer that a CRD gets when it is deleted, until its objects are gone.
inline constexpr char kCleanupFinalizer[] = "customresourcecleanup.apiextensions.k8s.io";

}  // namespace orrery::api
