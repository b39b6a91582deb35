// OpenAPI v3: one document a group version, a small one for each group and root path, and the
// index that names them with the hash of their bytes. Pure functions; DiscoveryDocuments calls
// them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/discovery/custom_facts.h"
#include "core/apiserver/discovery/served_groups.h"

namespace orrery::apiserver {

/// The documents' names in order, as the index has them: "api", "api/v1", "apis/apps/v1".
std::vector<std::string> openapi_v3_names(const Catalog& catalog);

/// Is a document made of the built-in table alone, so that it never changes?
bool is_built_in_document(const Catalog& catalog, std::string_view name);

/// A document as JSON; "" if there is none of that name.
std::string openapi_v3_document(const Catalog& catalog, std::string_view name,
                                const CustomFacts* custom);

/// "/openapi/v3/apis/apps/v1?hash=...".
std::string openapi_v3_url(std::string_view name, std::string_view hash);

/// GET /openapi/v3, from name to hash.
std::string openapi_v3_index(const std::map<std::string, std::string>& hashes);

}  // namespace orrery::apiserver
