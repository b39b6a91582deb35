// CustomResource: the scale subresource and selectable fields.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/custom/nested_field.h"

namespace orrery::api {

Result<Json> CustomResource::scale_of(std::string_view version_name,
                                      const Json& object_json) const {
  const CustomVersion& version = at(version_name);
  if (!version.has_scale) return bad_request("the resource has no scale subresource");
  const NestedField replicas = nested_integer(object_json, version.spec_replicas_path);
  const NestedField observed = nested_integer(object_json, version.status_replicas_path);
  const NestedField selector = version.label_selector_path.empty()
                                   ? NestedField()
                                   : nested_text(object_json, version.label_selector_path);
  for (const NestedField* field : {&replicas, &observed, &selector}) {
    if (!field->error.empty()) return internal_error(field->error);
  }
  Json metadata = Json::object();
  for (const char* key : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    if (const Json* value = member(object(object_json, "metadata"), key)) metadata[key] = *value;
  }
  Json scale = {{"kind", "Scale"}, {"apiVersion", "autoscaling/v1"}};
  scale["metadata"] = std::move(metadata);
  scale["spec"] = Json::object();
  if (replicas.integer != 0) scale["spec"]["replicas"] = replicas.integer;
  scale["status"] = Json{{"replicas", observed.integer}};
  if (!selector.text.empty()) scale["status"]["selector"] = selector.text;
  return scale;
}

Status CustomResource::set_scale(std::string_view version_name, Json& object_json,
                                 const Json& scale) const {
  const CustomVersion& version = at(version_name);
  if (!version.has_scale) return bad_request("the resource has no scale subresource");
  const bool given = has(object(scale, "spec"), "replicas");
  const NestedField now = nested_integer(object_json, version.spec_replicas_path);
  if (!now.error.empty()) return internal_error(now.error);
  if (!given && !now.found) {
    return bad_request(
        fmt::format("the spec replicas field \"{}\" cannot be empty", version.spec_replicas_path));
  }
  Json* at_json = &object_json;
  const std::vector<std::string> steps = path_steps(version.spec_replicas_path);
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    at_json = &make_object(*at_json, steps[i].c_str());
  }
  (*at_json)[steps.back()] = integer(object(scale, "spec"), "replicas");
  return {};
}

std::string CustomResource::selectable_value(const Json& object_json, std::string_view field) {
  const Json* at_json = &object_json;
  for (const std::string& step : path_steps(field)) {
    at_json = member(*at_json, step.c_str());
    if (!at_json) return {};
  }
  return at_json->is_string() ? std::string(as_text(*at_json)) : at_json->dump();
}

}  // namespace orrery::api
