// OpenAPI v2 (Swagger 2.0): everything in one document, for kubectl up to 1.27 and its like.
// Without defaults, as upstream. DiscoveryDocuments calls it.
#pragma once

#include <string>

#include "core/apiserver/discovery/custom_facts.h"
#include "core/apiserver/discovery/served_groups.h"

namespace orrery::apiserver {

/// GET /openapi/v2 as JSON.
std::string openapi_v2_document(const Catalog& catalog, const CustomFacts* custom);

}  // namespace orrery::apiserver
