#include "core/api/custom/custom_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "core/api/checks/json_view.h"

namespace orrery::api {
namespace {

constexpr std::array<std::string_view, 10> kCopiedTypes{"meta/v1.FieldsV1",
                                                        "meta/v1.ListMeta",
                                                        "meta/v1.ManagedFieldsEntry",
                                                        "meta/v1.ObjectMeta",
                                                        "meta/v1.OwnerReference",
                                                        "meta/v1.ShardInfo",
                                                        "meta/v1.Time",
                                                        "autoscaling/v1.Scale",
                                                        "autoscaling/v1.ScaleSpec",
                                                        "autoscaling/v1.ScaleStatus"};
constexpr std::array<std::string_view, 2> kCopiedPackages{"meta/v1", "autoscaling/v1"};

std::string_view second_word(std::string_view line) {
  line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
  return line.substr(0, line.find(' '));
}

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The lines of the built-in table that custom resources refer to.
void copy_built_in(std::string& out, std::string_view text) {
  bool copying = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("resource ")) return;
    if (line.starts_with("kubernetes ")) out.append(line).append("\n");
    if (line.starts_with("package ") && holds(kCopiedPackages, second_word(line))) {
      out.append(line).append("\n");
    }
    if (line.starts_with("type ")) copying = holds(kCopiedTypes, second_word(line));
    if (copying && (line.starts_with("type ") || line.starts_with(' '))) {
      out.append(line).append("\n");
    }
  }
}

// Names, enums and defaults that the line format cannot hold are left out.
bool is_word(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
  });
}

class VersionTypes {
 public:
  VersionTypes(std::string_view version, std::string_view kind)
      : package_(fmt::format("custom/{}", version)), kind_(kind) {}

  /// Lines of the object's type and all below; the object's own first.
  std::string lines(const Json& schema, std::string_view gvk);

 private:
  struct Type {
    std::string header, fields;
  };
  std::string use_of(const Json& schema);
  std::string object_use(const Json& schema);
  std::string field_line(const std::string& name, const Json& schema, bool required);
  void add_fields(std::string& out, const Json& schema, bool is_root);
  bool is_open(const Json& schema) const;

  std::string package_, kind_;
  std::vector<Type> types_;
};

bool VersionTypes::is_open(const Json& schema) const {
  const Json& properties = object(schema, "properties");
  return flag(schema, "x-kubernetes-preserve-unknown-fields") ||
         std::any_of(properties.items().begin(), properties.items().end(),
                     [](const auto& item) { return !is_word(item.key()); });
}

std::string VersionTypes::object_use(const Json& schema) {
  if (is_open(schema)) return "raw";
  const Json& properties = object(schema, "properties");
  const bool embedded = flag(schema, "x-kubernetes-embedded-resource");
  if (properties.empty() && !embedded) {
    const Json* additional = member(schema, "additionalProperties");
    if (!additional || *additional == false) return "raw";
    return additional->is_object() ? "{" + use_of(*additional) + "}" : "raw";
  }
  const std::size_t index = types_.size();
  const std::string name = fmt::format("{}_{}", kind_, index);
  types_.push_back({fmt::format("type {}.{}", package_, name), {}});
  std::string fields;
  add_fields(fields, schema, embedded);
  types_[index].fields = std::move(fields);
  return name;
}

std::string VersionTypes::use_of(const Json& schema) {
  const std::string_view type = text(schema, "type");
  if (flag(schema, "x-kubernetes-int-or-string")) return "intOrString";
  if (type == "object") return object_use(schema);
  if (type == "array") {
    const Json* items = member(schema, "items");
    return items && items->is_object() ? "[" + use_of(*items) + "]" : "[raw]";
  }
  if (type == "string") return "string";
  if (type == "boolean") return "bool";
  if (type == "number") return "double";
  if (type == "integer") return text(schema, "format") == "int32" ? "int32" : "int64";
  return "raw";
}

std::string words(const Json& list, char separator) {
  std::string out;
  for (const Json& item : list) {
    const std::string_view word = as_text(item);
    if (!is_word(word) || word.find(separator) != std::string_view::npos) return {};
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

std::string VersionTypes::field_line(const std::string& name, const Json& schema, bool required) {
  std::string out = fmt::format(" {} {} -", name, use_of(schema));
  if (required) out += " required";
  const std::string_view list = text(schema, "x-kubernetes-list-type");
  if (text(schema, "type") == "array") out.append(" list=").append(list.empty() ? "atomic" : list);
  const std::string keys = words(array(schema, "x-kubernetes-list-map-keys"), ',');
  if (list == "map" && !keys.empty()) out.append(" keys=").append(keys);
  const std::string_view map = text(schema, "x-kubernetes-map-type");
  if (!map.empty()) out.append(" map=").append(map);
  const std::string values = words(array(schema, "enum"), '|');
  if (!values.empty() && text(schema, "type") == "string") out.append(" enum=").append(values);
  if (const Json* value = member(schema, "default")) out.append(" default=").append(value->dump());
  return out + "\n";
}

void VersionTypes::add_fields(std::string& out, const Json& schema, bool with_meta) {
  const Json& required = array(schema, "required");
  std::map<std::string, std::string> lines;
  for (const auto& [name, property] : object(schema, "properties").items()) {
    if (!is_word(name)) continue;
    const bool needed = std::find(required.begin(), required.end(), Json(name)) != required.end();
    lines[name] = field_line(name, property, needed);
  }
  if (with_meta) {
    for (const char* key : {"apiVersion", "kind"}) lines[key] = fmt::format(" {} string -\n", key);
    lines["metadata"] = " metadata meta/v1.ObjectMeta -\n";
  }
  for (const auto& [name, line] : lines) out += line;
}

std::string VersionTypes::lines(const Json& schema, std::string_view gvk) {
  types_.push_back({fmt::format("type {}.{} gvk={}", package_, kind_, gvk), {}});
  std::string fields;
  add_fields(fields, schema, true);
  types_[0].fields = std::move(fields);
  std::string out;
  for (const Type& type : types_) out.append(type.header).append("\n").append(type.fields);
  return out;
}

void add_columns(std::string& out, const Json& version) {
  out += " column 0 string name Name\n";
  const Json& columns = array(version, "additionalPrinterColumns");
  if (columns.empty()) out += " column 0 date - Age\n";
  for (const Json& column : columns) {
    std::string name(text(column, "name"));
    std::replace(name.begin(), name.end(), '\n', ' ');
    if (name.empty()) continue;
    const std::string_view format = text(column, "format");
    out += fmt::format(" column {} {} {} {}\n", integer(column, "priority") == 0 ? 0 : 1,
                       text(column, "type"), format.empty() ? "-" : format, name);
  }
}

void add_resource(std::string& out, const Json& spec, const Json& names, const Json& version) {
  out += fmt::format(
      "resource {} {} {} {} {} {} verbs=delete,deletecollection,get,list,patch,create,update,watch",
      text(spec, "group"), text(version, "name"), text(names, "plural"), text(names, "kind"),
      text(names, "singular"), text(spec, "scope"));
  const std::string short_names = words(array(names, "shortNames"), ',');
  const std::string categories = words(array(names, "categories"), ',');
  if (!short_names.empty()) out.append(" short=").append(short_names);
  if (!categories.empty()) out.append(" categories=").append(categories);
  out += "\n";
  const Json& subresources = object(version, "subresources");
  if (has(subresources, "status")) {
    out += fmt::format(" sub status -/-/{} get,patch,update\n", text(names, "kind"));
  }
  if (has(subresources, "scale")) out += " sub scale autoscaling/v1/Scale get,patch,update\n";
  add_columns(out, version);
}

std::string reversed_group(std::string_view group) {
  std::string out;
  while (!group.empty()) {
    const std::size_t dot = group.rfind('.');
    const std::string_view part = dot == std::string_view::npos ? group : group.substr(dot + 1);
    out.append(out.empty() ? "" : ".").append(part);
    group = dot == std::string_view::npos ? std::string_view() : group.substr(0, dot);
  }
  return out;
}

}  // namespace

std::string custom_model_name(std::string_view group, std::string_view version,
                              std::string_view kind) {
  return fmt::format("{}.{}.{}", reversed_group(group), version, kind);
}

std::string custom_table_text(const Json& definition, std::string_view built_in_text) {
  const Json& spec = object(definition, "spec");
  const Json& names = object(spec, "names");
  const std::string_view group = text(spec, "group"), kind = text(names, "kind");
  const std::string_view list_kind = text(names, "listKind");
  std::string out, types, resources;
  for (const Json& version : array(spec, "versions")) {
    if (!flag(version, "served")) continue;
    const std::string_view name = text(version, "name");
    out += fmt::format("package custom/{} {}.{}\n", name, reversed_group(group), name);
    types += VersionTypes(name, kind)
                 .lines(object(object(version, "schema"), "openAPIV3Schema"),
                        fmt::format("{}/{}/{}", group, name, kind));
    types += fmt::format(
        "type custom/{0}.{1} gvk={2}/{0}/{1}\n apiVersion string -\n items [{3}] - required\n"
        " kind string -\n metadata meta/v1.ListMeta -\n",
        name, list_kind, group, kind);
    add_resource(resources, spec, names, version);
  }
  copy_built_in(out, built_in_text);
  return out + types + resources;
}

}  // namespace orrery::api
