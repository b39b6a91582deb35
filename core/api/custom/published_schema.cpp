// CustomResource: its schemas as OpenAPI v3 and v2 publish them (upstream's openapi builder): the
// CRD's schema with metadata, apiVersion and kind, and the list.
#include <fmt/format.h>

#include <algorithm>

#include "core/api/checks/json_view.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/custom/custom_table.h"

namespace orrery::api {
namespace {

constexpr char kApiVersionText[] =
    "APIVersion defines the versioned schema of this representation of an object. Servers should "
    "convert recognized schemas to the latest internal value, and may reject unrecognized values. "
    "More info: https://git.k8s.io/community/contributors/devel/sig-architecture/"
    "api-conventions.md#resources";
constexpr char kKindText[] =
    "Kind is a string value representing the REST resource this object represents. Servers may "
    "infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. "
    "More info: https://git.k8s.io/community/contributors/devel/sig-architecture/"
    "api-conventions.md#types-kinds";
constexpr char kMetadataText[] =
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/"
    "sig-architecture/api-conventions.md#metadata";
constexpr char kListMetadataText[] =
    "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/"
    "sig-architecture/api-conventions.md#types-kinds";
constexpr char kEmbeddedApiVersionText[] =
    "apiVersion defines the versioned schema of this representation of an object. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
constexpr char kEmbeddedKindText[] =
    "kind is a string value representing the type of this object. In CamelCase. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/"
    "api-conventions.md#types-kinds";

// v3 wraps references that carry a description, as the built-in document does.
Json reference(const std::string& name, bool v2, const char* description) {
  Json out = Json::object();
  if (v2 || !description) {
    out["$ref"] = (v2 ? "#/definitions/" : "#/components/schemas/") + name;
  } else {
    out["allOf"] = Json::array({Json{{"$ref", "#/components/schemas/" + name}}});
  }
  if (description) out["description"] = description;
  return out;
}

Json object_meta(bool v2) {
  return reference("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", v2, kMetadataText);
}

Json text_property(const char* description) {
  return {{"type", "string"}, {"description", description}};
}

template <class Change>
void each_structural(Json& schema, Change change) {
  if (!schema.is_object()) return;
  change(schema);  // before the ones below: what they are decides what it requires
  for (const char* key : {"items", "additionalProperties"}) {
    const auto it = schema.find(key);
    if (it != schema.end() && it->is_object()) each_structural(*it, change);
  }
  const auto it = schema.find("properties");
  if (it == schema.end() || !it->is_object()) return;
  for (Json& property : *it) each_structural(property, change);
}

// An int-or-string says what it may be, so that clients without the extension know.
void unfold(Json& schema) {
  if (!flag(schema, "x-kubernetes-int-or-string")) return;
  const Json choice = Json::array({Json{{"type", "integer"}}, Json{{"type", "string"}}});
  const Json& all = array(schema, "allOf");
  if (array(schema, "anyOf") == choice || (!all.empty() && array(all[0], "anyOf") == choice))
    return;
  if (array(schema, "anyOf").empty()) {
    schema["anyOf"] = choice;
    return;
  }
  Json parts = Json::array({Json{{"anyOf", choice}}});
  for (const Json& part : all) parts.push_back(part);
  schema["allOf"] = std::move(parts);
}

// What kubectl's reader of v2 cannot take.
void reduce_to_v2(Json& schema) {
  for (const char* key : {"allOf", "oneOf", "anyOf", "not"}) schema.erase(key);
  const bool preserve = flag(schema, "x-kubernetes-preserve-unknown-fields");
  const bool nullable = flag(schema, "nullable");
  if (nullable || preserve) {
    schema.erase("items");
    schema.erase("properties");
  }
  if (nullable || (preserve && text(schema, "type") == "object") ||
      (text(schema, "type") == "array" && !has(schema, "items"))) {
    schema.erase("type");
  }
  const auto required = schema.find("required");
  if (required != schema.end() && required->is_array()) {
    const Json& properties = object(schema, "properties");
    auto& names = required->get_ref<Json::array_t&>();
    std::erase_if(names, [&](const Json& name) {
      const Json* property = member(properties, std::string(as_text(name)).c_str());
      return property && flag(*property, "nullable");
    });
    if (names.empty()) schema.erase(required);
  }
  schema.erase("nullable");
}

void embed_meta(Json& schema, bool v2) {
  if (!flag(schema, "x-kubernetes-embedded-resource")) return;
  if (v2 && flag(schema, "x-kubernetes-preserve-unknown-fields")) return;
  Json& properties = make_object(schema, "properties");
  properties["apiVersion"] = text_property(kEmbeddedApiVersionText);
  properties["kind"] = text_property(kEmbeddedKindText);
  properties["metadata"] = object_meta(v2);
  if (!member(schema, "required")) schema["required"] = Json::array();
  for (const char* key : {"kind", "apiVersion"}) {
    Json& required = schema["required"];
    if (std::find(required.begin(), required.end(), Json(key)) == required.end()) {
      required.push_back(key);
    }
  }
}

Json kind_extension(std::string_view group, std::string_view version, std::string_view kind) {
  return Json::array({Json{{"group", group}, {"version", version}, {"kind", kind}}});
}

}  // namespace

Json CustomResource::openapi_schemas(std::string_view version_name, bool v2) const {
  const CustomVersion& version = at(version_name);
  Json source;
  for (const Json& candidate : array(object(*definition_, "spec"), "versions")) {
    if (text(candidate, "name") == version_name) {
      source = object(object(candidate, "schema"), "openAPIV3Schema");
    }
  }
  Json object_schema = {{"type", "object"}};
  const bool open = v2 && flag(source, "x-kubernetes-preserve-unknown-fields");
  if (!source.empty() && !open) {
    object_schema = std::move(source);
    each_structural(object_schema, unfold);
    if (v2) each_structural(object_schema, reduce_to_v2);
    Json& properties = make_object(object_schema, "properties");
    properties["metadata"] = object_meta(v2);
    properties["apiVersion"] = text_property(kApiVersionText);
    properties["kind"] = text_property(kKindText);
    each_structural(object_schema, [&](Json& schema) { embed_meta(schema, v2); });
  }
  const std::string model = custom_model_name(group_, version.name, kind_);
  object_schema["x-kubernetes-group-version-kind"] = kind_extension(group_, version.name, kind_);
  Json list = {{"type", "object"},
               {"description", fmt::format("{} is a list of {}", list_kind_, kind_)},
               {"required", Json::array({"items"})}};
  Json& properties = list["properties"];
  properties["apiVersion"] = text_property(kApiVersionText);
  properties["kind"] = text_property(kKindText);
  properties["metadata"] =
      reference("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", v2, kListMetadataText);
  properties["items"] = {
      {"type", "array"},
      {"description", fmt::format("List of {}. More info: https://git.k8s.io/community/"
                                  "contributors/devel/sig-architecture/api-conventions.md",
                                  plural_)},
      {"items", reference(model, v2, nullptr)}};
  list["x-kubernetes-group-version-kind"] = kind_extension(group_, version.name, list_kind_);
  if (!version.selectable_fields.empty()) {
    Json fields = Json::array();
    for (const std::string& path : version.selectable_fields) {
      fields.push_back(Json{{"fieldPath", path}});
    }
    object_schema["x-kubernetes-selectable-fields"] = fields;
    list["x-kubernetes-selectable-fields"] = fields;
  }
  Json out = Json::object();
  out[model] = std::move(object_schema);
  out[custom_model_name(group_, version.name, list_kind_)] = std::move(list);
  return out;
}

}  // namespace orrery::api
