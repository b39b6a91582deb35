#include "core/apiserver/discovery/openapi_operation.h"

#include <fmt/format.h>

namespace orrery::apiserver {
namespace {

using MediaTypes = std::vector<std::string_view>;

constexpr std::string_view kProtobuf = "application/vnd.kubernetes.protobuf";

MediaTypes media_types(const OpenApiPath& path, ResponseMedia media) {
  switch (media) {
    case ResponseMedia::kAny:
      return {"*/*"};
    case ResponseMedia::kJson:
      return {"application/json"};
    case ResponseMedia::kLog:
      return {"application/json", kProtobuf, "application/yaml", "text/plain"};
    case ResponseMedia::kObject:
      if (path.is_custom) return {"application/json", "application/yaml"};
      return {"application/json", kProtobuf, "application/yaml"};
    case ResponseMedia::kEvents:
      if (path.is_custom) return {"application/json", "application/yaml"};
      return {"application/json", "application/json;stream=watch", kProtobuf,
              "application/vnd.kubernetes.protobuf;stream=watch", "application/yaml"};
  }
  return {};
}

MediaTypes body_types(const OpenApiPath& path, RequestBody body, OpenApiFlavor flavor) {
  if (body == RequestBody::kPatch) {
    MediaTypes types = {"application/json-patch+json", "application/merge-patch+json",
                        "application/apply-patch+yaml"};
    if (!path.is_custom) types.push_back("application/strategic-merge-patch+json");
    return types;
  }
  if (path.is_custom) return {"application/json", "application/yaml"};
  if (flavor == OpenApiFlavor::kV3 && body == RequestBody::kDeleteOptions) {
    return {"application/json"};
  }
  return {"*/*"};
}

std::string_view reason_of(int code) {
  switch (code) {
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 401:
      return "Unauthorized";
    default:
      return "OK";
  }
}

class PathWriter {
 public:
  PathWriter(JsonText& out, const OpenApiPath& path, const OpenApiSchemas& schemas)
      : out_(out), path_(path), schemas_(schemas), is_v2_(schemas.flavor() == OpenApiFlavor::kV2) {}

  void write() {
    out_.begin_object();
    for (const OpenApiOperation& operation : path_.operations) write_operation(operation);
    if (path_.is_watch || path_.is_pretty || !path_.variables.empty()) write_path_parameters();
    out_.end_object();
  }

 private:
  void write_path_parameters() {
    out_.begin_array("parameters");
    if (path_.is_watch) {
      for (const OpenApiParameter& p : parameters_of(ParameterSet::kWatch)) write_parameter(p);
    }
    for (const std::string_view name : path_.variables) write_parameter({name, "string", true});
    if (path_.is_pretty) write_parameter({"pretty", "string"});
    out_.end_array();
  }

  void write_parameter(const OpenApiParameter& parameter) {
    out_.begin_object();
    out_.member("in", parameter.in_path ? "path" : "query");
    out_.member("name", parameter.name);
    if (parameter.in_path) out_.member_bool("required", true);
    if (!is_v2_) out_.begin_object("schema");
    out_.member("type", parameter.type);
    out_.member_bool("uniqueItems", true);
    if (!is_v2_) out_.end_object();
    out_.end_object();
  }

  void write_operation(const OpenApiOperation& operation) {
    out_.begin_object(operation.method);
    out_.member("operationId", operation.id);
    out_.strings("tags", {path_.tag});
    if (is_v2_) {
      out_.strings("schemes", {"https"});
      out_.strings("consumes", operation.body == RequestBody::kNone
                                   ? MediaTypes{"*/*"}
                                   : body_types(path_, operation.body, OpenApiFlavor::kV2));
      out_.strings("produces", media_types(path_, operation.media));
    }
    write_parameters(operation);
    if (!is_v2_ && operation.body != RequestBody::kNone) write_body_v3(operation);
    out_.begin_object("responses");
    for (const int code : operation.codes) write_response(operation, code);
    write_response(operation, 401);
    out_.end_object();
    if (!operation.action.empty()) out_.member("x-kubernetes-action", operation.action);
    if (!operation.kind.empty()) {
      out_.begin_object("x-kubernetes-group-version-kind");
      out_.member("group", operation.group);
      out_.member("kind", operation.kind);
      out_.member("version", operation.version);
      out_.end_object();
    }
    out_.end_object();
  }

  void write_parameters(const OpenApiOperation& operation) {
    const auto parameters = parameters_of(operation.parameters);
    const bool has_body = is_v2_ && operation.body != RequestBody::kNone;
    if (parameters.empty() && !has_body) return;
    out_.begin_array("parameters");
    if (has_body) {
      out_.begin_object();
      out_.member("in", "body");
      out_.member("name", "body");
      if (operation.body != RequestBody::kDeleteOptions) out_.member_bool("required", true);
      out_.key("schema");
      schemas_.write_reference(out_, operation.body_schema);
      out_.end_object();
    }
    for (const OpenApiParameter& parameter : parameters) write_parameter(parameter);
    out_.end_array();
  }

  void write_schema(std::string_view name) {
    out_.key("schema");
    if (!name.empty()) return schemas_.write_reference(out_, name);
    out_.begin_object();
    out_.member("type", "string");
    out_.end_object();
  }

  void write_content(const MediaTypes& types, std::string_view schema) {
    out_.begin_object("content");
    for (const std::string_view type : types) {
      out_.begin_object(type);
      write_schema(schema);
      out_.end_object();
    }
    out_.end_object();
  }

  void write_body_v3(const OpenApiOperation& operation) {
    out_.begin_object("requestBody");
    write_content(body_types(path_, operation.body, OpenApiFlavor::kV3), operation.body_schema);
    if (operation.body != RequestBody::kDeleteOptions) out_.member_bool("required", true);
    out_.end_object();
  }

  void write_response(const OpenApiOperation& operation, int code) {
    out_.begin_object(fmt::to_string(code));
    out_.member("description", reason_of(code));
    if (code != 401) {
      if (is_v2_) {
        write_schema(operation.response_schema);
      } else {
        write_content(media_types(path_, operation.media), operation.response_schema);
      }
    }
    out_.end_object();
  }

  JsonText& out_;
  const OpenApiPath& path_;
  const OpenApiSchemas& schemas_;
  const bool is_v2_;
};

}  // namespace

void write_path(JsonText& out, const OpenApiPath& path, const OpenApiSchemas& schemas) {
  PathWriter(out, path, schemas).write();
}

}  // namespace orrery::apiserver
