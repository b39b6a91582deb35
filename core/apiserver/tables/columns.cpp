#include "core/apiserver/tables/columns.h"

#include "core/apiserver/tables/json_text.h"

namespace orrery::apiserver {
namespace {

// The field descriptions that recorded tables show. The facts table has none for the others, whose
// text no client shows: they stay empty.
constexpr std::string_view kName =
    "Name must be unique within a namespace. Is required when creating resources, although some "
    "resources may allow a client to request the generation of an appropriate name automatically. "
    "Name is primarily intended for creation idempotence and configuration definition. Cannot be "
    "updated. More info: "
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
constexpr std::string_view kCreation =
    "CreationTimestamp is a timestamp representing the server time when this object was created. "
    "It is not guaranteed to be set in happens-before order across separate operations. Clients "
    "may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the "
    "system. Read-only. Null for lists. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
constexpr std::string_view kConfigMapData =
    "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', "
    "'_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys "
    "stored in Data must not overlap with the keys in the BinaryData field, this is enforced "
    "during validation process.";

std::string_view description_of(const api::ResourceRow& resource, std::string_view column) {
  if (column == "Name") return kName;
  if (column == "Age" || column == "Created At") return kCreation;
  return resource.kind == "ConfigMap" && column == "Data" ? kConfigMapData : "";
}

Column column(std::string_view name, std::string_view type, std::string_view format,
              std::string_view description) {
  return {std::string(name), std::string(type), std::string(format), std::string(description), 0};
}

}  // namespace

std::string_view name_description() { return kName; }
std::string_view creation_description() { return kCreation; }

Columns columns_of(const api::ResourceRow& resource) {
  if (resource.columns.empty()) return default_columns();
  Columns out;
  for (const api::ColumnRow& row : resource.columns) {
    out.push_back(column(row.name, row.type, row.format, description_of(resource, row.name)));
    out.back().priority = row.priority;
  }
  return out;
}

Columns default_columns() {
  return {column("Name", "string", "name", kName), column("Created At", "date", "", kCreation)};
}

Columns scale_columns() {
  return {column("Name", "string", "", kName), column("Desired", "integer", "", ""),
          column("Available", "integer", "", ""), column("Age", "string", "", kCreation)};
}

std::string columns_text(const Columns& columns) {
  std::string out = "[";
  for (const Column& c : columns) {
    out += out.size() > 1 ? ",{" : "{";
    append_key(out, "name");
    append_quoted(out, c.name);
    append_key(out, "type");
    append_quoted(out, c.type);
    append_key(out, "format");
    append_quoted(out, c.format);
    append_key(out, "description");
    append_quoted(out, c.description);
    append_key(out, "priority");
    append_integer(out, c.priority);
    out += '}';
  }
  return out += ']';
}

}  // namespace orrery::apiserver
