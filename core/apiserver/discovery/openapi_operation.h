// One path of an OpenAPI document with its operations, independent of the version, and how it is
// written. openapi_paths makes them, the document writers write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/discovery/json_text.h"
#include "core/apiserver/discovery/openapi_parameters.h"
#include "core/apiserver/discovery/openapi_schemas.h"

namespace orrery::apiserver {

enum class RequestBody : std::uint8_t { kNone, kObject, kDeleteOptions, kPatch };

/// The media types of an answer.
enum class ResponseMedia : std::uint8_t { kObject, kEvents, kLog, kJson, kAny };

struct OpenApiOperation {
  std::string_view method;                // "get"
  std::string id;                         // "readAppsV1NamespacedDeployment"
  std::string_view action;                // x-kubernetes-action: "get", "list", ...; "" = none
  std::string_view group, version, kind;  // kind "" = none
  ParameterSet parameters = ParameterSet::kNone;
  RequestBody body = RequestBody::kNone;
  std::string body_schema;
  std::string response_schema;  // "" = text
  std::vector<int> codes = {200};
  ResponseMedia media = ResponseMedia::kObject;
};

struct OpenApiPath {
  std::string path;
  std::string tag;
  bool is_custom = false;  // custom resources know neither protobuf nor strategic merge
  bool is_watch = false;   // takes the list parameters as a path
  std::vector<std::string_view> variables;  // of the path: "namespace", "name"
  bool is_pretty = true;                    // takes ?pretty
  std::vector<OpenApiOperation> operations;
};

/// Writes the path's object, without its key.
void write_path(JsonText& out, const OpenApiPath& path, const OpenApiSchemas& schemas);

}  // namespace orrery::apiserver
