// The OpenAPI v2 document of the API server as protobuf: gnostic's openapi.v2.Document, which
// clients ask for as application/com.github.proto-openapi.spec.v2@v1.0+protobuf. Called by the
// server's /openapi/v2. Covers what a Kubernetes document holds: not OAuth2 and file schemas.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace orrery::api {

/// Members that the format does not know, or of another type than it says, are left out.
std::string encode_openapi_v2(const nlohmann::json& swagger);

}  // namespace orrery::api
