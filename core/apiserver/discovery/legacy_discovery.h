// Discovery as it was before aggregation, still asked by older clients and by parts of kubectl:
// APIVersions, APIGroupList, APIGroup and APIResourceList as JSON text. Pure functions; the API
// server's discovery handler calls them.
#pragma once

#include <string>
#include <string_view>

#include "core/apiserver/discovery/custom_facts.h"
#include "core/apiserver/discovery/served_groups.h"

namespace orrery::apiserver {

/// GET /api. `server_address` is "host:port" for clients from anywhere.
std::string api_versions(const Catalog& catalog, std::string_view server_address);

/// GET /apis.
std::string api_group_list(const Catalog& catalog);

/// GET /apis/GROUP; "" if nothing of the group is served.
std::string api_group(const Catalog& catalog, std::string_view group);

/// GET /api/v1 and /apis/GROUP/VERSION; "" if the version is not served.
std::string api_resource_list(const Catalog& catalog, std::string_view group,
                              std::string_view version, const CustomFacts* custom);

/// The verbs as discovery lists them: sorted, those of a custom resource in upstream's own order.
std::vector<std::string_view> discovery_verbs(const Served& served);

}  // namespace orrery::apiserver
