#include "core/apiserver/discovery/custom_schema.h"

#include <nlohmann/json.hpp>

namespace orrery::apiserver {
namespace {

using nlohmann::json;

bool is_true(const json& schema, const char* name) {
  const auto it = schema.find(name);
  return it != schema.end() && it->is_boolean() && it->get<bool>();
}

void to_v2(json& schema);

void each_to_v2(json& schemas) {
  if (!schemas.is_object()) return;
  for (auto& [name, schema] : schemas.items()) to_v2(schema);
}

/// As upstream's ToStructuralOpenAPIV2: v2 clients validate too strictly what v2 cannot say, so
/// that part is opened up instead.
void to_v2(json& schema) {
  if (!schema.is_object()) return;
  for (const char* name :
       {"default", "oneOf", "anyOf", "allOf", "not", "x-kubernetes-validations"}) {
    schema.erase(name);
  }
  if (is_true(schema, "nullable")) {
    for (const char* name : {"type", "items", "properties", "additionalProperties", "required"}) {
      schema.erase(name);
    }
  }
  schema.erase("nullable");
  if (is_true(schema, "x-kubernetes-int-or-string")) schema.erase("type");
  if (is_true(schema, "x-kubernetes-preserve-unknown-fields")) {
    for (const char* name : {"items", "properties", "required"}) schema.erase(name);
  }
  if (const auto it = schema.find("properties"); it != schema.end()) each_to_v2(*it);
  if (const auto it = schema.find("items"); it != schema.end()) to_v2(*it);
  if (const auto it = schema.find("additionalProperties"); it != schema.end()) to_v2(*it);
}

}  // namespace

std::string custom_kind_schema(const CustomSchemaInput& input, OpenApiFlavor flavor) {
  json schema = json::parse(input.published, nullptr, false);
  if (!schema.is_object()) {
    schema = {{"x-kubernetes-preserve-unknown-fields", true}};
  }
  const bool is_open =
      is_true(schema, "x-kubernetes-preserve-unknown-fields") && !schema.contains("properties");
  if (flavor == OpenApiFlavor::kV2) to_v2(schema);
  schema["type"] = "object";
  json& properties = schema["properties"];
  if (!properties.is_object()) properties = json::object();
  properties["apiVersion"] = {{"type", "string"}};
  properties["kind"] = {{"type", "string"}};
  const std::string reference = std::string(reference_prefix(flavor)).append(input.object_meta);
  properties["metadata"] = {{"$ref", reference}};
  if (is_open) schema["x-kubernetes-preserve-unknown-fields"] = true;
  schema["x-kubernetes-group-version-kind"] =
      json::array({{{"group", input.group}, {"version", input.version}, {"kind", input.kind}}});
  return schema.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace orrery::apiserver
