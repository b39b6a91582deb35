#include "core/apiserver/discovery/openapi_schemas.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::apiserver {
namespace {

struct ScalarForm {
  std::string_view name, type, format, zero;
};
constexpr ScalarForm kScalars[] = {
    {"string", "string", "", "\"\""},    {"bool", "boolean", "", "false"},
    {"int32", "integer", "int32", "0"},  {"int64", "integer", "int64", "0"},
    {"double", "number", "double", "0"}, {"bytes", "string", "byte", ""},
};

const ScalarForm* scalar_form(std::string_view name) {
  const auto it = std::find_if(std::begin(kScalars), std::end(kScalars),
                               [name](const ScalarForm& s) { return s.name == name; });
  return it == std::end(kScalars) ? nullptr : it;
}

/// Scalars of the table that are types of their own in OpenAPI.
std::string_view type_of_scalar(std::string_view name) {
  if (name == "time") return "meta/v1.Time";
  if (name == "microtime") return "meta/v1.MicroTime";
  if (name == "quantity") return "api/resource.Quantity";
  if (name == "intOrString") return "util/intstr.IntOrString";
  if (name == "raw") return "pkg/runtime.RawExtension";
  return {};
}

/// "com.example.v1.Foo": upstream turns a custom resource's group around.
std::string custom_name(const api::ResourceRow& row) {
  std::string name, group(row.group);
  while (!group.empty()) {
    const std::size_t dot = group.rfind('.');
    name.append(dot == std::string::npos ? group : group.substr(dot + 1)).push_back('.');
    group.resize(dot == std::string::npos ? 0 : dot);
  }
  return name.append(row.version).append(".").append(row.kind);
}

void write_kind(JsonText& out, std::string_view group, std::string_view version,
                std::string_view kind) {
  out.begin_object();
  out.member("group", group);
  out.member("kind", kind);
  out.member("version", version);
  out.end_object();
}

void write_unions(JsonText& out, const api::TypeRow& type) {
  if (type.unions.empty()) return;
  out.begin_array("x-kubernetes-unions");
  for (const api::UnionRow& row : type.unions) {
    out.begin_object();
    if (!row.discriminator.empty()) out.member("discriminator", row.discriminator);
    out.begin_object("fields-to-discriminateBy");
    for (const auto& [field, value] : row.members) out.member(field, value);
    out.end_object();
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string OpenApiSchemas::want(std::string name, Source source) {
  if (sources_.emplace(name, std::move(source)).second) pending_.push_back(name);
  return name;
}

std::string OpenApiSchemas::want_type(const api::ApiTable& table, std::string_view short_name) {
  const int row = table.find_type(short_name);
  if (row < 0) return {};
  const api::TypeRow& type = table.type(static_cast<std::size_t>(row));
  const int known = built_in_.find_type(type.full_name);  // shared types come from the main table
  if (known < 0) return want(type.full_name, {&table, &type, nullptr, false, {}});
  return want(type.full_name,
              {&built_in_, &built_in_.type(static_cast<std::size_t>(known)), nullptr, false, {}});
}

std::string OpenApiSchemas::of_type(std::string_view short_name) {
  return want_type(built_in_, short_name);
}

std::string OpenApiSchemas::of_kind(std::string_view group, std::string_view version,
                                    std::string_view kind) {
  const int row = built_in_.find_kind_type(group, version, kind);
  return row < 0 ? std::string() : of_type(built_in_.type(static_cast<std::size_t>(row)).full_name);
}

std::string OpenApiSchemas::of_resource(const Served& served) {
  const api::ResourceRow& row = *served.row;
  if (served.custom == nullptr && row.type >= 0) {
    return want_type(*served.table,
                     served.table->type(static_cast<std::size_t>(row.type)).full_name);
  }
  const std::string name = custom_name(row);
  if (!is_known(name)) want_custom(served);
  return name;
}

std::string OpenApiSchemas::of_list(const Served& served) {
  const api::ResourceRow& row = *served.row;
  if (served.custom == nullptr) {
    const int type =
        served.table->find_kind_type(row.group, row.version, fmt::format("{}List", row.kind));
    if (type >= 0) {
      return want_type(*served.table, served.table->type(static_cast<std::size_t>(type)).full_name);
    }
  }
  const std::string kind = of_resource(served);
  const auto it = custom_lists_.find(kind);
  if (it != custom_lists_.end()) return it->second;
  return want(kind + "List", {served.table, nullptr, &served, true, {}});
}

void OpenApiSchemas::want_custom(const Served& served) {
  of_type("meta/v1.ObjectMeta");  // what such schemas refer to
  of_type("meta/v1.ListMeta");
  const std::string name = custom_name(*served.row);
  if (custom_ == nullptr || served.custom == nullptr) {
    want(name, {served.table, nullptr, &served, false, {}});
    return;
  }
  CustomSchemas schemas = custom_->schemas(served, flavor_);
  want(name, {served.table, nullptr, &served, false, std::move(schemas.schema)});
  custom_lists_[name] = want(std::move(schemas.list_name), {served.table, nullptr, &served, true,
                                                            std::move(schemas.list_schema)});
}

void OpenApiSchemas::write_reference(JsonText& out, std::string_view name) const {
  out.begin_object();
  out.member("$ref", fmt::format("{}{}", reference_prefix(flavor_), name));
  out.end_object();
}

void OpenApiSchemas::write(JsonText& out) {
  std::map<std::string, std::string> texts;
  while (!pending_.empty()) {
    const std::string name = std::move(pending_.back());
    pending_.pop_back();
    texts[name] = write_source(sources_.find(name)->second);
  }
  out.begin_object();
  for (const auto& [name, text] : texts) out.member_raw(name, text);
  out.end_object();
}

std::string OpenApiSchemas::write_source(const Source& source) {
  JsonText out;
  if (source.type != nullptr) {
    write_type(out, *source.table, *source.type);
  } else if (!source.text.empty()) {
    out.raw(source.text);
  } else if (source.is_list) {
    write_any_list(out, *source.served);
  } else {
    write_any(out, *source.served);
  }
  return out.take();
}

void OpenApiSchemas::write_any(JsonText& out, const Served& served) {
  const api::ResourceRow& row = *served.row;
  out.begin_object();
  out.member("type", "object");
  out.member_bool("x-kubernetes-preserve-unknown-fields", true);
  out.begin_array("x-kubernetes-group-version-kind");
  write_kind(out, row.group, row.version, row.kind);
  out.end_array();
  out.end_object();
}

void OpenApiSchemas::write_any_list(JsonText& out, const Served& served) {
  const api::ResourceRow& row = *served.row;
  out.begin_object();
  out.member("type", "object");
  out.strings("required", {"items"});
  out.begin_object("properties");
  for (const std::string_view name : {"apiVersion", "kind"}) {
    out.begin_object(name);
    out.member("type", "string");
    out.end_object();
  }
  out.begin_object("items");
  out.member("type", "array");
  out.key("items");
  write_reference(out, of_resource(served));
  out.end_object();
  out.key("metadata");
  write_reference(out, of_type("meta/v1.ListMeta"));
  out.end_object();
  out.begin_array("x-kubernetes-group-version-kind");
  write_kind(out, row.group, row.version, fmt::format("{}List", row.kind));
  out.end_array();
  out.end_object();
}

void OpenApiSchemas::write_type(JsonText& out, const api::ApiTable& table,
                                const api::TypeRow& type) {
  out.begin_object();
  if (!type.scalar.empty()) {
    write_scalar_type(out, type);
  } else {
    write_struct(out, table, type);
  }
  out.end_object();
}

void OpenApiSchemas::write_scalar_type(JsonText& out, const api::TypeRow& type) const {
  if (type.scalar == "any") return;
  const bool is_quantity = type.name == "Quantity", is_int_or_string = type.name == "IntOrString";
  if (!type.format.empty()) out.member("format", type.format);
  if (flavor_ == OpenApiFlavor::kV2 || !(is_quantity || is_int_or_string)) {
    out.member("type", type.scalar);
    return;
  }
  out.begin_array("oneOf");
  for (const std::string_view name :
       {is_quantity ? "string" : "integer", is_quantity ? "number" : "string"}) {
    out.begin_object();
    out.member("type", name);
    out.end_object();
  }
  out.end_array();
}

void OpenApiSchemas::write_struct(JsonText& out, const api::ApiTable& table,
                                  const api::TypeRow& type) {
  out.member("type", "object");
  std::vector<std::string_view> required;
  if (type.fields_count > 0) out.begin_object("properties");
  for (const api::FieldRow& field : table.fields(type)) {
    out.key(field.name);
    write_property(out, {&table, type.package, field.use_text}, field);
    if (field.required) required.push_back(field.name);
  }
  if (type.fields_count > 0) out.end_object();
  if (!required.empty()) out.strings("required", required);
  if (!type.map_type.empty()) out.member("x-kubernetes-map-type", type.map_type);
  write_unions(out, type);
  write_kinds(out, type);
}

void OpenApiSchemas::write_kinds(JsonText& out, const api::TypeRow& type) const {
  const bool in_every_group =
      type.package == "meta/v1" && (type.name == "DeleteOptions" || type.name == "WatchEvent");
  if (!type.has_kind && !in_every_group) return;
  out.begin_array("x-kubernetes-group-version-kind");
  if (type.has_kind) {
    write_kind(out, type.group, type.version, type.kind);
  } else {
    // Of the built-in groups only, as upstream: else each custom resource would change each
    // document.
    std::vector<std::pair<std::string_view, std::string_view>> seen;
    for (const api::ResourceRow& row : built_in_.resources()) {
      const std::pair group_version(row.group, row.version);
      if (std::find(seen.begin(), seen.end(), group_version) != seen.end()) continue;
      seen.push_back(group_version);
      write_kind(out, row.group, row.version, type.name);
    }
  }
  out.end_array();
}

void OpenApiSchemas::write_property(JsonText& out, const Use& use, const api::FieldRow& field) {
  std::string_view default_json = field.default_json;
  const ScalarForm* scalar = scalar_form(use.text);
  if (default_json.empty() && !field.pointer) {
    if (is_struct(use)) default_json = "{}";
    if (scalar != nullptr && field.required) default_json = scalar->zero;
  }
  if (flavor_ == OpenApiFlavor::kV2) default_json = {};
  out.begin_object();
  write_use(out, use, default_json);
  write_extensions(out, field);
  out.end_object();
}

void OpenApiSchemas::write_extensions(JsonText& out, const api::FieldRow& field) const {
  if (!field.enum_values.empty()) out.strings("enum", field.enum_values);
  switch (field.list) {
    case api::ListKind::kUnset:
      break;
    case api::ListKind::kAtomic:
      out.member("x-kubernetes-list-type", "atomic");
      break;
    case api::ListKind::kSet:
      out.member("x-kubernetes-list-type", "set");
      break;
    case api::ListKind::kMap:
      out.member("x-kubernetes-list-type", "map");
      break;
  }
  if (!field.list_keys.empty()) out.strings("x-kubernetes-list-map-keys", field.list_keys);
  if (!field.map_type.empty()) out.member("x-kubernetes-map-type", field.map_type);
  if (!field.merge_key.empty()) out.member("x-kubernetes-patch-merge-key", field.merge_key);
  if (!field.patch_strategy.empty()) {
    out.member("x-kubernetes-patch-strategy", field.patch_strategy);
  }
}

std::string OpenApiSchemas::reference_of(const Use& use) {
  const std::string_view scalar = type_of_scalar(use.text);
  if (!scalar.empty()) return of_type(scalar);
  if (use.text.find('.') != std::string_view::npos) return want_type(*use.table, use.text);
  return want_type(*use.table, fmt::format("{}.{}", use.package, use.text));
}

bool OpenApiSchemas::is_struct(const Use& use) const {
  if (use.text.front() == '[' || use.text.front() == '{') return false;
  if (scalar_form(use.text) != nullptr) return false;
  // Times and quantities are structs in Go, but scalars in JSON: their zero is no {}.
  if (!type_of_scalar(use.text).empty()) return false;
  const bool has_package = use.text.find('.') != std::string_view::npos;
  const int row = use.table->find_type(has_package ? std::string(use.text)
                                                   : fmt::format("{}.{}", use.package, use.text));
  return row >= 0 && use.table->type(static_cast<std::size_t>(row)).scalar.empty();
}

/// Writes the members of a schema object, without its braces.
void OpenApiSchemas::write_use(JsonText& out, const Use& use, std::string_view default_json) {
  if (use.text.front() == '[' || use.text.front() == '{') {
    const bool is_list = use.text.front() == '[';
    out.member("type", is_list ? "array" : "object");
    out.key(is_list ? "items" : "additionalProperties");
    out.begin_object();
    write_element(out, {use.table, use.package, use.text.substr(1, use.text.size() - 2)});
    out.end_object();
    return;
  }
  if (!default_json.empty()) out.member_raw("default", default_json);
  if (const ScalarForm* scalar = scalar_form(use.text)) {
    out.member("type", scalar->type);
    if (!scalar->format.empty()) out.member("format", scalar->format);
    return;
  }
  const std::string name = reference_of(use);
  if (default_json.empty()) {
    out.member("$ref", fmt::format("{}{}", reference_prefix(flavor_), name));
    return;
  }
  out.begin_array("allOf");  // OpenAPI 3.0 ignores what stands beside a $ref
  write_reference(out, name);
  out.end_array();
}

void OpenApiSchemas::write_element(JsonText& out, const Use& use) {
  std::string_view default_json;
  if (flavor_ == OpenApiFlavor::kV3) {
    if (is_struct(use)) default_json = "{}";
    if (const ScalarForm* scalar = scalar_form(use.text)) default_json = scalar->zero;
  }
  write_use(out, use, default_json);
}

}  // namespace orrery::apiserver
