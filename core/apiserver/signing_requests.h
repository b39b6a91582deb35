// What the registry of CertificateSigningRequests adds to a status or an approval. The server calls
// it for status updates of every kind; others are left as they are.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/kind_registry.h"
#include "core/base/time.h"

namespace orrery::apiserver {

/// populateConditionTimestamps: lastUpdateTime where it is missing, lastTransitionTime when the
/// status is another than before.
void stamp_conditions(const api::KindInfo& info, const nlohmann::json& before, Time now,
                      nlohmann::json& document);

}  // namespace orrery::apiserver
