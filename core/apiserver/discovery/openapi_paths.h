// The paths and operations that OpenAPI lists for a resource, a group version and the roots of
// discovery, with upstream's operation ids. The document writers call it; every schema that an
// operation names is put on `schemas`' list.
#pragma once

#include <string_view>
#include <vector>

#include "core/apiserver/discovery/openapi_operation.h"

namespace orrery::apiserver {

/// All paths of one resource with its subresources and watches.
std::vector<OpenApiPath> resource_paths(const Served& served, OpenApiSchemas& schemas);

/// GET /api/v1/ or /apis/GROUP/VERSION/: the APIResourceList.
OpenApiPath group_version_path(std::string_view group, std::string_view version,
                               OpenApiSchemas& schemas);

/// GET /apis/GROUP/: the APIGroup.
OpenApiPath group_path(std::string_view group, OpenApiSchemas& schemas);

/// What stands in OpenAPI's index and is no group: "api", "apis", "version", and the two of
/// service-account tokens.
std::vector<std::string_view> root_documents();
/// The path of one of them; empty for other names.
std::vector<OpenApiPath> root_paths(std::string_view document, OpenApiSchemas& schemas);

/// "/api/v1", "/apis/apps/v1".
std::string group_version_prefix(std::string_view group, std::string_view version);

}  // namespace orrery::apiserver
