// Aggregated discovery: everything below /api or /apis in one APIGroupDiscoveryList, which kubectl
// since 1.26 asks for. Pure functions; the API server's discovery handler calls them.
#pragma once

#include <string>
#include <string_view>

#include "core/apiserver/discovery/served_groups.h"

namespace orrery::apiserver {

/// `core_group`: the list of /api, else that of /apis. `version` is "v2" or "v2beta1".
std::string aggregated_discovery(const Catalog& catalog, bool core_group, std::string_view version);

}  // namespace orrery::apiserver
