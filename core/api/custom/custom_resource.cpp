#include "core/api/custom/custom_resource.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/api/checks/json_view.h"
#include "core/api/custom/custom_table.h"
#include "core/api/schema/api_table_text.h"

namespace orrery::api {
namespace {

std::vector<std::string> texts(const Json& holder, const char* key) {
  std::vector<std::string> out;
  for (const Json& item : array(holder, key)) out.emplace_back(as_text(item));
  return out;
}

std::vector<CustomColumn> columns_of(const Json& version) {
  std::vector<CustomColumn> out;
  for (const Json& column : array(version, "additionalPrinterColumns")) {
    CustomColumn row;
    row.name = text(column, "name");
    row.type = text(column, "type");
    row.format = text(column, "format");
    row.json_path = text(column, "jsonPath");
    row.description = text(column, "description");
    if (row.description.empty()) {
      row.description =
          fmt::format("Custom resource definition column (in JSONPath format): {}", row.json_path);
    }
    row.priority = static_cast<std::int32_t>(integer(column, "priority"));
    out.push_back(std::move(row));
  }
  if (!out.empty()) return out;
  CustomColumn age;
  age.name = "Age";
  age.type = "date";
  age.json_path = ".metadata.creationTimestamp";
  age.description =
      "CreationTimestamp is a timestamp representing the server time when this object was created. "
      "It is not guaranteed to be set in happens-before order across separate operations. Clients "
      "may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by "
      "the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/"
      "devel/sig-architecture/api-conventions.md#metadata";
  out.push_back(std::move(age));
  return out;
}

CustomVersion version_of(const Json& version, std::string_view group, std::string_view kind) {
  CustomVersion out;
  out.name = text(version, "name");
  out.served = flag(version, "served");
  out.storage = flag(version, "storage");
  const Json& subresources = object(version, "subresources");
  out.has_status = has(subresources, "status");
  if (const Json* scale = member(subresources, "scale")) {
    out.has_scale = true;
    out.spec_replicas_path = text(*scale, "specReplicasPath");
    out.status_replicas_path = text(*scale, "statusReplicasPath");
    out.label_selector_path = text(*scale, "labelSelectorPath");
  }
  out.columns = columns_of(version);
  for (const Json& field : array(version, "selectableFields")) {
    std::string_view path = text(field, "jsonPath");
    if (path.starts_with('.')) path.remove_prefix(1);
    out.selectable_fields.emplace_back(path);
  }
  if (flag(version, "deprecated")) {
    const auto warning = maybe_text(version, "deprecationWarning");
    out.deprecation_warning = warning
                                  ? std::string(*warning)
                                  : fmt::format("{}/{} {} is deprecated", group, out.name, kind);
  }
  out.schema = compile_schema(object(object(version, "schema"), "openAPIV3Schema"));
  return out;
}

}  // namespace

Result<std::shared_ptr<const CustomResource>> CustomResource::make(const Json& definition) {
  const Json& spec = object(definition, "spec");
  const Json& names = object(spec, "names");
  auto out = std::shared_ptr<CustomResource>(new CustomResource());
  out->name_ = text(object(definition, "metadata"), "name");
  out->group_ = text(spec, "group");
  out->kind_ = text(names, "kind");
  out->list_kind_ = text(names, "listKind");
  out->plural_ = text(names, "plural");
  out->singular_ = text(names, "singular");
  out->short_names_ = texts(names, "shortNames");
  out->categories_ = texts(names, "categories");
  out->namespaced_ = text(spec, "scope") == "Namespaced";
  for (const Json& version : array(spec, "versions")) {
    out->versions_.push_back(version_of(version, out->group_, out->kind_));
  }
  out->definition_ = std::make_shared<const Json>(definition);
  out->table_text_ = custom_table_text(definition, api_table_text());
  Result<ApiTable> table = ApiTable::parse(out->table_text_);
  if (!table.ok()) return table.status();
  out->table_ = std::make_unique<const ApiTable>(std::move(table).value());
  return std::shared_ptr<const CustomResource>(std::move(out));
}

const CustomVersion* CustomResource::version(std::string_view name) const {
  for (const CustomVersion& version : versions_) {
    if (version.name == name) return &version;
  }
  return nullptr;
}

const CustomVersion& CustomResource::at(std::string_view name) const {
  const CustomVersion* found = version(name);
  CHECK(found != nullptr);
  return *found;
}

const CustomVersion& CustomResource::storage_version() const {
  const auto it = std::find_if(versions_.begin(), versions_.end(),
                               [](const CustomVersion& version) { return version.storage; });
  CHECK(it != versions_.end());
  return *it;
}

void CustomResource::convert(std::string_view to_version, Json& object_json) const {
  object_json["apiVersion"] = fmt::format("{}/{}", group_, to_version);
}

}  // namespace orrery::api
