#include "core/api/custom/schema_rules.h"

#include <algorithm>
#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/custom/definition_form.h"
#include "core/api/custom/schema_defaults.h"
#include "core/api/custom/selectable_path.h"
#include "core/api/custom/structural_rules.h"

namespace orrery::api {
namespace {

bool is_meta_field(std::string_view key) {
  return key == "metadata" || key == "kind" || key == "apiVersion";
}

bool is_non_zero(const Json* value) {
  return value && !(*value == "" || (value->is_structured() && value->empty()));
}

// How a node is looked at, which changes on the way down.
struct Situation {
  bool is_root = false;
  bool in_meta = false;  // inside apiVersion, kind or metadata
  bool defaults = true;  // may have defaults
  std::string no_defaults_reason = {};
};

class SchemaRuleCheck {
 public:
  SchemaRuleCheck(FieldErrors& errors, const SchemaRules& rules) : errors_(errors), rules_(rules) {}
  void check(const Json& schema, const Path& path, const Situation& situation);

 private:
  void check_allowed(const Json& schema, const Path& path, const Situation& situation);
  void check_children(const Json& schema, const Path& path, const Situation& situation);
  void check_properties(const Json& schema, const Path& path, const Situation& situation);
  void check_extensions(const Json& schema, const Path& path);
  void check_list_type(const Json& schema, const Path& path);
  void check_set_items(const Json& schema, const Path& path);
  void check_map_list(const Json& schema, const Path& path);
  void check_rules(const Json& schema, const Path& path);

  FieldErrors& errors_;
  const SchemaRules& rules_;
};

void SchemaRuleCheck::check_allowed(const Json& schema, const Path& path,
                                    const Situation& situation) {
  const std::string_view type = text(schema, "type");
  constexpr std::string_view kTypes[] = {"array",  "boolean", "integer",
                                         "number", "object",  "string"};
  if (rules_.valid_types && !type.empty() &&
      std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes)) {
    errors_.not_supported(path.child("type"), type,
                          {"array", "boolean", "integer", "number", "object", "string"});
  }
  if (has(schema, "default") && !situation.defaults) {
    const std::string reason =
        situation.no_defaults_reason.empty() ? "" : " " + situation.no_defaults_reason;
    errors_.forbidden(path.child("default"), "must not be set" + reason);
  }
  const auto refuse = [&](const char* key, std::string_view why) {
    if (is_non_zero(member(schema, key))) errors_.forbidden(path.child(key), why);
  };
  refuse("id", "id is not supported");
  if (has(schema, "additionalItems")) {
    errors_.forbidden(path.child("additionalItems"), "additionalItems is not supported");
  }
  refuse("patternProperties", "patternProperties is not supported");
  refuse("definitions", "definitions is not supported");
  if (has(schema, "dependencies")) {
    errors_.forbidden(path.child("dependencies"), "dependencies is not supported");
  }
  if (has(schema, "$ref")) errors_.forbidden(path.child("$ref"), "$ref is not supported");
  if (type == "null") {
    errors_.forbidden(path.child("type"),
                      "type cannot be set to null, use nullable as an alternative");
  }
  if (!array(schema, "items").empty()) {
    errors_.forbidden(path.child("items"), "items must be a schema object and not an array");
  }
  if (situation.in_meta && flag(schema, "x-kubernetes-embedded-resource")) {
    errors_.forbidden(path.child("x-kubernetes-embedded-resource"),
                      "must not be used inside of resource meta");
  }
}

void SchemaRuleCheck::check(const Json& schema, const Path& path, const Situation& situation) {
  check_allowed(schema, path, situation);
  if (flag(schema, "uniqueItems")) {
    errors_.forbidden(path.child("uniqueItems"),
                      "uniqueItems cannot be set to true since the runtime complexity becomes "
                      "quadratic");
  }
  check_children(schema, path, situation);
  check_extensions(schema, path);
  check_list_type(schema, path);
  check_map_list(schema, path);
  if (rules_.map_keys) errors_.append(check_list_keys(schema, path));
  check_rules(schema, path);
}

void SchemaRuleCheck::check_properties(const Json& schema, const Path& path,
                                       const Situation& situation) {
  const bool embedded = flag(schema, "x-kubernetes-embedded-resource");
  const Path properties = path.child("properties");
  for (const auto& [key, property] : object(schema, "properties").items()) {
    Situation below = situation;
    below.is_root = false;
    if ((situation.is_root || embedded) && is_meta_field(key)) {
      below.in_meta = true;
      if (situation.is_root) {
        below.defaults = false;
        below.no_defaults_reason = "in top-level " + key;
      }
    }
    check(property, properties.key(key), below);
  }
}

void SchemaRuleCheck::check_children(const Json& schema, const Path& path,
                                     const Situation& situation) {
  Situation below = situation;
  below.is_root = false;
  if (const Json* additional = member(schema, "additionalProperties")) {
    const Path additional_path = path.child("additionalProperties");
    if (!object(schema, "properties").empty() && *additional != true) {
      errors_.forbidden(additional_path,
                        "additionalProperties and properties are mutual exclusive");
    }
    Situation inside = below;
    if (situation.in_meta) {
      inside.defaults = false;
      inside.no_defaults_reason = "inside additionalProperties applying to object metadata";
    }
    if (additional->is_object()) check(*additional, additional_path, inside);
  }
  check_properties(schema, path, situation);
  if (const Json* negated = member(schema, "not")) check(*negated, path.child("not"), below);
  for (const char* key : {"allOf", "oneOf", "anyOf"}) {
    const Json& list = array(schema, key);
    for (std::size_t i = 0; i < list.size(); ++i) check(list[i], path.at(key, i), below);
  }
  const Path definitions = path.child("definitions");
  for (const auto& [key, definition] : object(schema, "definitions").items()) {
    check(definition, definitions.key(key), below);
  }
  const Json* items = member(schema, "items");
  if (!items) return;
  if (items->is_object()) check(*items, path.child("items"), below);
  for (std::size_t i = 0; items->is_array() && i < items->size(); ++i) {
    check((*items)[i], path.at("items", i), below);
  }
}

void SchemaRuleCheck::check_extensions(const Json& schema, const Path& path) {
  if (maybe_flag(schema, "x-kubernetes-preserve-unknown-fields") == false) {
    errors_.invalid_raw(path.child("x-kubernetes-preserve-unknown-fields"), "false",
                        "must be true or undefined");
  }
  const std::string_view type = text(schema, "type");
  const auto map_type = maybe_text(schema, "x-kubernetes-map-type");
  if (map_type && type != "object") {
    constexpr std::string_view kWhy = "must be object if x-kubernetes-map-type is specified";
    if (type.empty()) {
      errors_.required(path.child("type"), kWhy);
    } else {
      errors_.invalid(path.child("type"), type, kWhy);
    }
  }
  if (map_type && map_type != "atomic" && map_type != "granular") {
    errors_.not_supported(path.child("x-kubernetes-map-type"), *map_type, {"atomic", "granular"});
  }
}

void SchemaRuleCheck::check_set_items(const Json& schema, const Path& path) {
  const Json& items = object(schema, "items");
  const Path items_path = path.child("items");
  const auto list_type = maybe_text(items, "x-kubernetes-list-type");
  constexpr std::string_view kWhy =
      "must be atomic as item of a list with x-kubernetes-list-type=set";
  // Upstream prints the list type for both.
  const std::string shown = list_type ? api::quoted(*list_type) : "null";
  if (text(items, "type") == "array" && list_type && list_type != "atomic") {
    errors_.invalid_raw(items_path.child("x-kubernetes-list-type"), shown, kWhy);
  }
  if (text(items, "type") == "object" && text(items, "x-kubernetes-map-type") != "atomic") {
    errors_.invalid_raw(items_path.child("x-kubernetes-map-type"), shown, kWhy);
  }
}

void SchemaRuleCheck::check_list_type(const Json& schema, const Path& path) {
  const std::string_view type = text(schema, "type");
  const auto list_type = maybe_text(schema, "x-kubernetes-list-type");
  if (list_type && type != "array") {
    constexpr std::string_view kWhy = "must be array if x-kubernetes-list-type is specified";
    if (type.empty()) {
      errors_.required(path.child("type"), kWhy);
    } else {
      errors_.invalid(path.child("type"), type, kWhy);
    }
  } else if (rules_.set_items && list_type == "set") {
    check_set_items(schema, path);
  }
  const Path list_path = path.child("x-kubernetes-list-type");
  if (list_type && list_type != "atomic" && list_type != "set" && list_type != "map") {
    errors_.not_supported(list_path, *list_type, {"atomic", "set", "map"});
  }
  if (array(schema, "x-kubernetes-list-map-keys").empty()) return;
  constexpr std::string_view kWhy = "must be map if x-kubernetes-list-map-keys is non-empty";
  if (!list_type) {
    errors_.required(list_path, kWhy);
  } else if (list_type != "map") {
    errors_.invalid(list_path, *list_type, kWhy);
  }
}

void SchemaRuleCheck::check_map_list(const Json& schema, const Path& path) {
  if (text(schema, "x-kubernetes-list-type") != "map") return;
  const Json& keys = array(schema, "x-kubernetes-list-map-keys");
  const Path keys_path = path.child("x-kubernetes-list-map-keys");
  const Path items_path = path.child("items");
  if (keys.empty())
    errors_.required(keys_path, "must not be empty if x-kubernetes-list-type is map");
  const Json* items = member(schema, "items");
  if (!items) {
    errors_.required(items_path, "must have a schema if x-kubernetes-list-type is map");
    return;
  }
  if (!items->is_object()) {
    errors_.invalid_raw(items_path, items->dump(),
                        "must only have a single schema if x-kubernetes-list-type is map");
    return;
  }
  const std::string_view type = text(*items, "type");
  if (type != "object") {
    errors_.invalid(items_path.child("type"), type,
                    "must be object if parent array's x-kubernetes-list-type is map");
    return;
  }
  std::set<std::string_view> seen;
  const Path properties = items_path.child("properties");
  for (const Json& key : keys) {
    const std::string name(as_text(key));
    const Json* property = member(object(*items, "properties"), name.c_str());
    if (!property) {
      errors_.invalid_raw(keys_path, keys.dump(), "entries must all be names of item properties");
    } else if (text(*property, "type") == "array" || text(*property, "type") == "object") {
      const Path property_path = properties.key(name);
      errors_.invalid(property_path.child("type"), type,
                      "must be a scalar type if parent array's x-kubernetes-list-type is map");
    }
    if (!seen.insert(as_text(key)).second) {
      errors_.invalid_raw(keys_path, keys.dump(), "must not contain duplicate entries");
    }
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\v\f");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\v\f") - first + 1);
}
bool has_newline(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

void SchemaRuleCheck::check_rules(const Json& schema, const Path& path) {
  const Json& rules = array(schema, "x-kubernetes-validations");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Json& rule = rules[i];
    const Path rule_path = path.at("x-kubernetes-validations", i);
    const std::string_view message = text(rule, "message");
    const std::string_view expression = trimmed(text(rule, "rule"));
    if (expression.empty()) {
      errors_.required(rule_path.child("rule"), "rule is not specified");
    } else if (!message.empty() && trimmed(message).empty()) {
      errors_.invalid(rule_path.child("message"), message, "must be non-empty if specified");
    } else if (has_newline(trimmed(message))) {
      errors_.invalid(rule_path.child("message"), message, "must not contain line breaks");
    } else if (has_newline(expression) && trimmed(message).empty()) {
      errors_.required(rule_path.child("message"),
                       "message must be specified if rule contains line breaks");
    }
    const std::string_view message_expression = text(rule, "messageExpression");
    if (!message_expression.empty() && trimmed(message_expression).empty()) {
      errors_.required(rule_path.child("messageExpression"),
                       "messageExpression must be non-empty if specified");
    }
    const auto reason = maybe_text(rule, "reason");
    if (reason && reason != "FieldValueDuplicate" && reason != "FieldValueForbidden" &&
        reason != "FieldValueInvalid" && reason != "FieldValueRequired") {
      errors_.not_supported(rule_path.child("reason"), *reason,
                            {"FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid",
                             "FieldValueRequired"});
    }
    const std::string_view field = text(rule, "fieldPath");
    if (field.empty()) continue;
    const Path field_path = rule_path.child("fieldPath");
    if (trimmed(field).empty())
      errors_.invalid(field_path, field, "must be non-empty if specified");
    if (has_newline(field)) errors_.invalid(field_path, field, "must not contain line breaks");
    if (!resolve_field_path(field, schema, true).error.empty()) {
      errors_.invalid(field_path, field, "must be a valid path");
    }
  }
}

constexpr std::string_view kAllowedAtRoot[] = {"Description",
                                               "Type",
                                               "Format",
                                               "Title",
                                               "Maximum",
                                               "ExclusiveMaximum",
                                               "Minimum",
                                               "ExclusiveMinimum",
                                               "MaxLength",
                                               "MinLength",
                                               "Pattern",
                                               "MaxItems",
                                               "MinItems",
                                               "UniqueItems",
                                               "MultipleOf",
                                               "Required",
                                               "Items",
                                               "Properties",
                                               "ExternalDocs",
                                               "Example",
                                               "XPreserveUnknownFields",
                                               "XValidations"};

// With a status subresource the status is checked by properties["status"] alone.
void check_root_fields(FieldErrors& errors, const Json& schema, const Path& path) {
  const std::string refused = first_schema_field(schema, [](std::string_view name) {
    return std::find(std::begin(kAllowedAtRoot), std::end(kAllowedAtRoot), name) ==
           std::end(kAllowedAtRoot);
  });
  const std::string_view type = text(schema, "type");
  // Go's struct has ID, Schema and Ref before Type.
  const bool earlier = refused == "ID" || refused == "Schema" || refused == "Ref";
  if (!earlier && !type.empty() && type != "object") {
    errors.invalid(path.child("type"), type,
                   "only \"object\" is allowed as the type at the root of the schema if the status "
                   "subresource is enabled");
    return;
  }
  if (refused.empty()) return;
  std::string allowed;
  for (const std::string_view name : kAllowedAtRoot) {
    allowed.append(allowed.empty() ? "" : " ").append(name);
  }
  errors.invalid_raw(path, go_schema(schema),
                     "only [" + allowed +
                         "] fields are allowed at the root of the schema if the status subresource "
                         "is enabled");
}

bool deeper_than(const Json& schema, int levels) {
  if (!schema.is_structured()) return false;
  if (levels <= 0) return true;
  return std::any_of(schema.begin(), schema.end(),
                     [&](const Json& part) { return deeper_than(part, levels - 1); });
}

}  // namespace

FieldErrors check_list_keys(const Json& schema, const Path& path) {
  FieldErrors errors;
  const std::string_view list_type = text(schema, "x-kubernetes-list-type");
  const Json* items = member(schema, "items");
  if (!items || !items->is_object() || (list_type != "set" && list_type != "map")) return errors;
  const Path items_path = path.child("items");
  if (flag(*items, "nullable")) {
    errors.forbidden(items_path.child("nullable"),
                     "cannot be nullable when x-kubernetes-list-type is " + std::string(list_type));
  }
  if (list_type == "set") return errors;
  const Json& required = array(*items, "required");
  const Path properties = items_path.child("properties");
  for (const Json& key : array(schema, "x-kubernetes-list-map-keys")) {
    const std::string name(as_text(key));
    const Json* property = member(object(*items, "properties"), name.c_str());
    if (!property) continue;
    const Path property_path = properties.key(name);
    const bool is_required = std::find(required.begin(), required.end(), key) != required.end();
    if (!is_required && !has(*property, "default")) {
      errors.required(
          property_path.child("default"),
          "this property is in x-kubernetes-list-map-keys, so it must have a default or "
          "be a required property");
    }
    if (flag(*property, "nullable")) {
      errors.forbidden(property_path.child("nullable"),
                       "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
    }
  }
  return errors;
}

bool any_schema(const Json& schema, bool (*visit)(const Json& schema)) {
  if (!schema.is_object()) return false;
  if (visit(schema)) return true;
  const auto any = [&](const Json& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Json& part) { return any_schema(part, visit); });
  };
  for (const char* key : {"items", "not", "additionalProperties", "additionalItems"}) {
    const Json* value = member(schema, key);
    if (value && (value->is_array() ? any(*value) : any_schema(*value, visit))) return true;
  }
  for (const char* key : {"allOf", "anyOf", "oneOf"}) {
    if (any(array(schema, key))) return true;
  }
  for (const char* key : {"properties", "patternProperties", "definitions"}) {
    if (any(object(schema, key))) return true;
  }
  return false;
}

FieldErrors check_validation(const Json& validation, bool has_status, const SchemaRules& rules,
                             const Path& path) {
  FieldErrors errors;
  const Json* schema = member(validation, "openAPIV3Schema");
  if (!schema) return errors;
  const Path schema_path = path.child("openAPIV3Schema");
  if (deeper_than(*schema, 2 * kSchemaDepthMax)) {
    errors.forbidden(schema_path, "must not be nested deeper than " +
                                      std::to_string(kSchemaDepthMax) + " levels");
    return errors;
  }
  if (has_status) check_root_fields(errors, *schema, schema_path);
  if (flag(*schema, "nullable")) {
    errors.forbidden(schema_path.child("nullable"), "nullable cannot be true at the root");
  }
  std::string conversion;
  if (rules.structural) {
    conversion = structural_conversion_error(*schema);
    if (conversion.empty()) {
      FieldErrors found = check_structural(*schema, schema_path);
      if (found.empty()) found = check_schema_defaults(*schema, schema_path, rules.pruned_defaults);
      errors.append(std::move(found));
    }
  }
  Situation root;
  root.is_root = true;
  SchemaRuleCheck(errors, rules).check(*schema, schema_path, root);
  if (errors.empty() && !conversion.empty()) errors.invalid(schema_path, "", conversion);
  return errors;
}

}  // namespace orrery::api
