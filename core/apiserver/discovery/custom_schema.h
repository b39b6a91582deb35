// How a custom resource appears in OpenAPI: the published openAPIV3Schema with apiVersion, kind and
// metadata put in, for v2 reduced to what Swagger 2.0 can say. OpenApiSchemas calls it.
#pragma once

#include <string>
#include <string_view>

#include "core/apiserver/discovery/openapi_flavor.h"

namespace orrery::apiserver {

struct CustomSchemaInput {
  std::string_view published;  // JSON; what is no JSON object counts as "any object"
  std::string_view group, version, kind;
  std::string_view object_meta;  // schema name of ObjectMeta
};

/// The schema as JSON text.
std::string custom_kind_schema(const CustomSchemaInput& input, OpenApiFlavor flavor);

}  // namespace orrery::apiserver
