#include "core/api/custom/definition_form.h"

#include <array>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/schema/go_print.h"

namespace orrery::api {
namespace {

// Exactly: an empty status subresource is not the same as none.
bool equal(const Json& a, const Json& b, const char* key) {
  const Json* in_a = member(a, key);
  const Json* in_b = member(b, key);
  return in_a && in_b ? *in_a == *in_b : in_a == in_b;
}

const Json* nonempty(const Json* list) { return list && !list->empty() ? list : nullptr; }

// What a field of Go's JSONSchemaProps is.
enum class FieldKind : char {
  kText,
  kTextPointer,
  kFlag,
  kFlagPointer,
  kNumber,
  kJson,
  kJsons,
  kTexts,
  kItems,
  kSchemaOrFlag,
  kSchema,
  kSchemas,
  kSchemaMap,
  kOther,  // printed as it came, null where absent
  kRules,
};

struct GoField {
  const char* go_name;
  const char* name;
  FieldKind kind;
};

constexpr std::array kSchemaFields{
    GoField{"ID", "id", FieldKind::kText},
    GoField{"Schema", "$schema", FieldKind::kText},
    GoField{"Ref", "$ref", FieldKind::kTextPointer},
    GoField{"Description", "description", FieldKind::kText},
    GoField{"Type", "type", FieldKind::kText},
    GoField{"Nullable", "nullable", FieldKind::kFlag},
    GoField{"Format", "format", FieldKind::kText},
    GoField{"Title", "title", FieldKind::kText},
    GoField{"Default", "default", FieldKind::kJson},
    GoField{"Maximum", "maximum", FieldKind::kNumber},
    GoField{"ExclusiveMaximum", "exclusiveMaximum", FieldKind::kFlag},
    GoField{"Minimum", "minimum", FieldKind::kNumber},
    GoField{"ExclusiveMinimum", "exclusiveMinimum", FieldKind::kFlag},
    GoField{"MaxLength", "maxLength", FieldKind::kNumber},
    GoField{"MinLength", "minLength", FieldKind::kNumber},
    GoField{"Pattern", "pattern", FieldKind::kText},
    GoField{"MaxItems", "maxItems", FieldKind::kNumber},
    GoField{"MinItems", "minItems", FieldKind::kNumber},
    GoField{"UniqueItems", "uniqueItems", FieldKind::kFlag},
    GoField{"MultipleOf", "multipleOf", FieldKind::kNumber},
    GoField{"Enum", "enum", FieldKind::kJsons},
    GoField{"MaxProperties", "maxProperties", FieldKind::kNumber},
    GoField{"MinProperties", "minProperties", FieldKind::kNumber},
    GoField{"Required", "required", FieldKind::kTexts},
    GoField{"Items", "items", FieldKind::kItems},
    GoField{"AllOf", "allOf", FieldKind::kSchemas},
    GoField{"OneOf", "oneOf", FieldKind::kSchemas},
    GoField{"AnyOf", "anyOf", FieldKind::kSchemas},
    GoField{"Not", "not", FieldKind::kSchema},
    GoField{"Properties", "properties", FieldKind::kSchemaMap},
    GoField{"AdditionalProperties", "additionalProperties", FieldKind::kSchemaOrFlag},
    GoField{"PatternProperties", "patternProperties", FieldKind::kSchemaMap},
    GoField{"Dependencies", "dependencies", FieldKind::kOther},
    GoField{"AdditionalItems", "additionalItems", FieldKind::kSchemaOrFlag},
    GoField{"Definitions", "definitions", FieldKind::kSchemaMap},
    GoField{"ExternalDocs", "externalDocs", FieldKind::kOther},
    GoField{"Example", "example", FieldKind::kJson},
    GoField{"XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields",
            FieldKind::kFlagPointer},
    GoField{"XEmbeddedResource", "x-kubernetes-embedded-resource", FieldKind::kFlag},
    GoField{"XIntOrString", "x-kubernetes-int-or-string", FieldKind::kFlag},
    GoField{"XListMapKeys", "x-kubernetes-list-map-keys", FieldKind::kTexts},
    GoField{"XListType", "x-kubernetes-list-type", FieldKind::kTextPointer},
    GoField{"XMapType", "x-kubernetes-map-type", FieldKind::kTextPointer},
    GoField{"XValidations", "x-kubernetes-validations", FieldKind::kRules},
};

std::string text_json(const Json& holder, const char* key) {
  return Json(std::string(text(holder, key))).dump();
}
std::string pointer_json(const Json& holder, const char* key) {
  const Json* value = member(holder, key);
  return value ? value->dump() : "null";
}

template <class Print>
std::string list_json(const Json& list, Print print) {
  std::string out = "[";
  for (const Json& item : list) out.append(out.size() > 1 ? "," : "").append(print(item));
  return out + "]";
}

std::string rule_json(const Json& rule) {
  return "{\"Rule\":" + text_json(rule, "rule") + ",\"Message\":" + text_json(rule, "message") +
         ",\"MessageExpression\":" + text_json(rule, "messageExpression") +
         ",\"Reason\":" + pointer_json(rule, "reason") +
         ",\"FieldPath\":" + text_json(rule, "fieldPath") +
         ",\"OptionalOldSelf\":" + pointer_json(rule, "optionalOldSelf") + "}";
}

std::string schema_map_json(const Json& map) {
  std::string out = "{";
  for (const auto& [key, value] : map.items()) {
    out.append(out.size() > 1 ? "," : "").append(Json(key).dump()).append(":");
    out += go_schema(value);
  }
  return out + "}";
}

std::string field_json(const Json& schema, const GoField& field) {
  const Json* value = member(schema, field.name);
  if (field.kind == FieldKind::kText) return text_json(schema, field.name);
  if (field.kind == FieldKind::kFlag) return flag(schema, field.name) ? "true" : "false";
  if (!value) return "null";
  switch (field.kind) {
    case FieldKind::kNumber:
      return value->is_number_float() ? go_float(value->get<double>()) : value->dump();
    case FieldKind::kSchema:
      return go_schema(*value);
    case FieldKind::kSchemas:
      return list_json(*value, go_schema);
    case FieldKind::kSchemaMap:
      return schema_map_json(*value);
    case FieldKind::kItems:
      if (value->is_array())
        return "{\"Schema\":null,\"JSONSchemas\":" + list_json(*value, go_schema) + "}";
      return "{\"Schema\":" + go_schema(*value) + ",\"JSONSchemas\":null}";
    case FieldKind::kSchemaOrFlag:
      if (value->is_boolean()) return "{\"Allows\":" + value->dump() + ",\"Schema\":null}";
      return "{\"Allows\":true,\"Schema\":" + go_schema(*value) + "}";
    case FieldKind::kRules:
      return list_json(*value, rule_json);
    default:
      return value->dump();
  }
}

std::string columns_json(const Json* columns) {
  if (!columns) return "null";
  return list_json(*columns, [](const Json& column) {
    return "{\"Name\":" + text_json(column, "name") + ",\"Type\":" + text_json(column, "type") +
           ",\"Format\":" + text_json(column, "format") +
           ",\"Description\":" + text_json(column, "description") +
           ",\"Priority\":" + std::to_string(integer(column, "priority")) +
           ",\"JSONPath\":" + text_json(column, "jsonPath") + "}";
  });
}

std::string subresources_json(const Json* subresources) {
  if (!subresources) return "null";
  std::string out = "{\"Status\":";
  out += has(*subresources, "status") ? "{}" : "null";
  out += ",\"Scale\":";
  const Json* scale = member(*subresources, "scale");
  if (!scale) return out + "null}";
  return out + "{\"SpecReplicasPath\":" + text_json(*scale, "specReplicasPath") +
         ",\"StatusReplicasPath\":" + text_json(*scale, "statusReplicasPath") +
         ",\"LabelSelectorPath\":" + pointer_json(*scale, "labelSelectorPath") + "}}";
}

std::string selectable_json(const Json* fields) {
  if (!fields) return "null";
  return list_json(*fields, [](const Json& selectable) {
    return "{\"JSONPath\":" + text_json(selectable, "jsonPath") + "}";
  });
}

}  // namespace

DefinitionForm::DefinitionForm(const Json& spec) {
  const Json& versions = array(spec, "versions");
  if (versions.empty()) return;
  const Json& first = versions[0];
  for (const Json& version : versions) {
    schema_moved = schema_moved && equal(version, first, "schema");
    subresources_moved = subresources_moved && equal(version, first, "subresources");
    columns_moved = columns_moved && same(member(version, "additionalPrinterColumns"),
                                          member(first, "additionalPrinterColumns"));
    selectable_moved = selectable_moved &&
                       same(member(version, "selectableFields"), member(first, "selectableFields"));
  }
  if (schema_moved) validation = member(first, "schema");
  if (subresources_moved) subresources = member(first, "subresources");
  if (columns_moved) columns = nonempty(member(first, "additionalPrinterColumns"));
  if (selectable_moved) selectable = nonempty(member(first, "selectableFields"));
}

const Json* DefinitionForm::version_schema(const Json& version) const {
  return schema_moved ? nullptr : member(version, "schema");
}
const Json* DefinitionForm::version_subresources(const Json& version) const {
  return subresources_moved ? nullptr : member(version, "subresources");
}
const Json* DefinitionForm::version_columns(const Json& version) const {
  return columns_moved ? nullptr : nonempty(member(version, "additionalPrinterColumns"));
}
const Json* DefinitionForm::version_selectable(const Json& version) const {
  return selectable_moved ? nullptr : nonempty(member(version, "selectableFields"));
}

std::string go_schema(const Json& schema) {
  std::string out = "{";
  for (const GoField& field : kSchemaFields) {
    out.append(out.size() > 1 ? ",\"" : "\"").append(field.go_name).append("\":");
    out += field_json(schema, field);
  }
  return out + "}";
}

std::string first_schema_field(const Json& schema, bool (*refused)(std::string_view)) {
  for (const GoField& field : kSchemaFields) {
    const Json* value = member(schema, field.name);
    if (!value || *value == false || *value == "") continue;
    if (value->is_array() && value->empty()) continue;
    if (refused(field.go_name)) return field.go_name;
  }
  return {};
}

std::string go_versions(const Json& versions, const DefinitionForm& form) {
  return list_json(versions, [&](const Json& version) {
    const Json* schema = form.version_schema(version);
    std::string out = "{\"Name\":" + text_json(version, "name");
    out += std::string(",\"Served\":") + (flag(version, "served") ? "true" : "false");
    out += std::string(",\"Storage\":") + (flag(version, "storage") ? "true" : "false");
    out += std::string(",\"Deprecated\":") + (flag(version, "deprecated") ? "true" : "false");
    out +=
        ",\"DeprecationWarning\":" + pointer_json(version, "deprecationWarning") + ",\"Schema\":";
    if (!schema) {
      out += "null";
    } else {
      const Json* root = member(*schema, "openAPIV3Schema");
      out += "{\"OpenAPIV3Schema\":" + (root ? go_schema(*root) : "null") + "}";
    }
    out += ",\"Subresources\":" + subresources_json(form.version_subresources(version));
    out += ",\"AdditionalPrinterColumns\":" + columns_json(form.version_columns(version));
    return out + ",\"SelectableFields\":" + selectable_json(form.version_selectable(version)) + "}";
  });
}

}  // namespace orrery::api
