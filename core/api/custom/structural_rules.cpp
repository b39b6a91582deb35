#include "core/api/custom/structural_rules.h"

#include <algorithm>

#include "core/api/checks/json_view.h"
#include "core/api/custom/regular_expression.h"

namespace orrery::api {
namespace {

enum class Level { kRoot, kItem, kField };

bool is_zero(const Json& value) {
  return value.is_null() || value == false || value == "" || (value.is_array() && value.empty()) ||
         (value.is_object() && value.empty());
}

// Exactly {type: TYPE}, give or take zero values.
bool only_type(const Json& schema, std::string_view type) {
  for (const auto& [key, value] : schema.items()) {
    if (key != "type" && !is_zero(value)) return false;
  }
  return text(schema, "type") == type;
}

bool is_int_or_string_choice(const Json& schema) {
  const Json& choices = array(schema, "anyOf");
  return choices.size() == 2 && only_type(choices[0], "integer") && only_type(choices[1], "string");
}
bool starts_with_int_or_string(const Json& schema) {
  const Json& parts = array(schema, "allOf");
  if (parts.empty() || !is_int_or_string_choice(parts[0])) return false;
  return true;
}

class Structural {
 public:
  explicit Structural(FieldErrors& errors) : errors_(errors) {}
  void check(const Json& schema, Level level, const Path& path);
  void check_complete(const Json& values, const Json* schema, const Path& schema_path,
                      const Path& values_path);
  void check_complete_below(const Json& values, const Json& schema, const Path& schema_path,
                            const Path& values_path);

 private:
  void check_type(const Json& schema, Level level, const Path& path);
  void check_extensions(const Json& schema, const Path& path);
  void check_meta_fields(const Json& schema, Level level, const Path& path);
  void check_metadata(const Json& metadata, bool is_meta, Level level, const Path& path);
  void check_values(const Json& schema, bool skip_any_of, bool skip_first, Level level,
                    const Path& path);
  void check_nested(const Json& schema, bool skip_any_of, Level level, const Path& path);
  void check_nested_fields(const Json& schema, const Path& path);

  FieldErrors& errors_;
};

void Structural::check(const Json& schema, Level level, const Path& path) {
  const Json* items = member(schema, "items");
  if (text(schema, "type") == "array" && !items)
    errors_.required(path.child("items"), "must be specified");
  if (items && items->is_object()) check(*items, Level::kItem, path.child("items"));
  const Path properties = path.child("properties");
  for (const auto& [key, property] : object(schema, "properties").items()) {
    check(property, Level::kField, properties.key(key));
  }
  if (const Json* additional = member(schema, "additionalProperties")) {
    const Path additional_path = path.child("additionalProperties");
    if (level == Level::kRoot) errors_.forbidden(additional_path, "must not be used at the root");
    if (additional->is_object()) check(*additional, Level::kField, additional_path);
  }
  check_extensions(schema, path);
  check_values(schema, is_int_or_string_choice(schema), starts_with_int_or_string(schema), level,
               path);
  check_type(schema, level, path);
  check_meta_fields(schema, level, path);
}

void Structural::check_extensions(const Json& schema, const Path& path) {
  if (!flag(schema, "x-kubernetes-int-or-string")) return;
  for (const char* key :
       {"x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"}) {
    if (!flag(schema, key)) continue;
    errors_.invalid_raw(path.child(key), "true",
                        "must be false if x-kubernetes-int-or-string is true");
  }
}

void Structural::check_type(const Json& schema, Level level, const Path& path) {
  const std::string_view type = text(schema, "type");
  const bool embedded = flag(schema, "x-kubernetes-embedded-resource");
  const bool untyped = flag(schema, "x-kubernetes-int-or-string") ||
                       flag(schema, "x-kubernetes-preserve-unknown-fields");
  const Path type_path = path.child("type");
  if (embedded && type != "object") {
    constexpr std::string_view kWhy = "must be object if x-kubernetes-embedded-resource is true";
    if (type.empty()) {
      errors_.required(type_path, kWhy);
    } else {
      errors_.invalid(type_path, type, kWhy);
    }
  } else if (type.empty() && !untyped) {
    errors_.required(type_path, level == Level::kRoot ? "must not be empty at the root"
                                : level == Level::kItem
                                    ? "must not be empty for specified array items"
                                    : "must not be empty for specified object fields");
  }
  if (embedded && has(schema, "additionalProperties")) {
    errors_.forbidden(path.child("additionalProperties"),
                      "must not be used if x-kubernetes-embedded-resource is set");
  }
  if (level == Level::kRoot && !type.empty() && type != "object") {
    errors_.invalid(type_path, type, "must be object at the root");
  }
}

void Structural::check_meta_fields(const Json& schema, Level level, const Path& path) {
  const bool embedded = flag(schema, "x-kubernetes-embedded-resource");
  const bool is_meta = level == Level::kRoot || embedded;
  const Json& properties = object(schema, "properties");
  const Path properties_path = path.child("properties");
  for (const char* key : {"kind", "apiVersion"}) {
    const Json* property = member(properties, key);
    if (!property || !is_meta || text(*property, "type") == "string") continue;
    const Path property_path = properties_path.key(key);
    errors_.invalid(property_path.child("type"), text(*property, "type"), "must be string");
  }
  if (const Json* metadata = member(properties, "metadata")) {
    check_metadata(*metadata, is_meta, level, properties_path.key("metadata"));
  }
  if (embedded && !flag(schema, "x-kubernetes-preserve-unknown-fields") && properties.empty()) {
    errors_.required(properties_path,
                     "must not be empty if x-kubernetes-embedded-resource is true without "
                     "x-kubernetes-preserve-unknown-fields");
  }
}

void Structural::check_metadata(const Json& metadata, bool is_meta, Level level, const Path& path) {
  if (is_meta && text(metadata, "type") != "object") {
    errors_.invalid(path.child("type"), text(metadata, "type"), "must be object");
  }
  if (level != Level::kRoot) return;
  bool more = false;
  for (const auto& [key, value] : metadata.items()) {
    if (key == "type" || key == "default" || is_zero(value)) continue;
    if (key == "properties") {
      for (const auto& [name, unused] : value.items()) {
        more = more || (name != "name" && name != "generateName");
      }
    } else {
      more = true;
    }
  }
  if (more) {
    errors_.forbidden(path,
                      "must not specify anything other than name and generateName, but metadata is "
                      "implicitly specified");
  }
}

void Structural::check_values(const Json& schema, bool skip_any_of, bool skip_first, Level level,
                              const Path& path) {
  const Json& any_of = array(schema, "anyOf");
  for (std::size_t i = 0; i < any_of.size() && !skip_any_of; ++i) {
    check_nested(any_of[i], false, level, path.at("anyOf", i));
  }
  const Json& all_of = array(schema, "allOf");
  for (std::size_t i = 0; i < all_of.size(); ++i) {
    check_nested(all_of[i], skip_first && i == 0, level, path.at("allOf", i));
  }
  const Json& one_of = array(schema, "oneOf");
  for (std::size_t i = 0; i < one_of.size(); ++i) {
    check_nested(one_of[i], false, level, path.at("oneOf", i));
  }
  if (const Json* negated = member(schema, "not"))
    check_nested(*negated, false, level, path.child("not"));
  const std::string_view pattern = text(schema, "pattern");
  if (pattern.empty()) return;
  const Result<RegularExpression> made = RegularExpression::compile(pattern);
  if (!made.ok()) {
    errors_.invalid(path.child("pattern"), pattern,
                    "must be a valid regular expression, but isn't: " + made.status().message());
  }
}

void Structural::check_nested(const Json& schema, bool skip_any_of, Level level, const Path& path) {
  check_values(schema, skip_any_of, false, level, path);
  const Json* items = member(schema, "items");
  if (items && items->is_object()) check_nested(*items, false, level, path.child("items"));
  const Json& properties = object(schema, "properties");
  const Path properties_path = path.child("properties");
  for (const auto& [key, property] : properties.items()) {
    check_nested(property, false, Level::kField, properties_path.key(key));
  }
  check_nested_fields(schema, path);
  if (has(properties, "metadata")) {
    errors_.forbidden(properties_path.key("metadata"), "must not be specified in a nested context");
  }
}

void Structural::check_nested_fields(const Json& schema, const Path& path) {
  const auto refuse = [&](const char* key, std::string_view why) {
    const Json* value = member(schema, key);
    if (value && !(*value == false || *value == "" || (value->is_array() && value->empty()))) {
      errors_.forbidden(path.child(key), why);
    }
  };
  refuse("type", "must be empty to be structural");
  refuse("additionalProperties", "must be undefined to be structural");
  refuse("default", "must be undefined to be structural");
  refuse("title", "must be empty to be structural");
  refuse("description", "must be empty to be structural");
  refuse("nullable", "must be false to be structural");
  refuse("x-kubernetes-preserve-unknown-fields", "must be false to be structural");
  refuse("x-kubernetes-embedded-resource", "must be false to be structural");
  refuse("x-kubernetes-int-or-string", "must be false to be structural");
  refuse("x-kubernetes-list-map-keys", "must be empty to be structural");
  refuse("x-kubernetes-list-type", "must be undefined to be structural");
  refuse("x-kubernetes-map-type", "must be undefined to be structural");
  refuse("x-kubernetes-validations", "must be empty to be structural");
}

// Every value check needs a structural counterpart.
void Structural::check_complete_below(const Json& values, const Json& schema,
                                      const Path& schema_path, const Path& values_path) {
  if (const Json* negated = member(values, "not")) {
    check_complete(*negated, &schema, schema_path, values_path.child("not"));
  }
  for (const char* key : {"allOf", "anyOf", "oneOf"}) {
    const Json& list = array(values, key);
    for (std::size_t i = 0; i < list.size(); ++i) {
      check_complete(list[i], &schema, schema_path, values_path.at(key, i));
    }
  }
}

void Structural::check_complete(const Json& values, const Json* schema, const Path& schema_path,
                                const Path& values_path) {
  if (!schema) {
    errors_.required(schema_path, "because it is defined in " + values_path.text());
    return;
  }
  check_complete_below(values, *schema, schema_path, values_path);
  const Json* items = member(values, "items");
  if (items && items->is_object()) {
    check_complete(*items, member(*schema, "items"), schema_path.child("items"),
                   values_path.child("items"));
  }
  const Path schema_properties = schema_path.child("properties");
  const Path values_properties = values_path.child("properties");
  for (const auto& [key, property] : object(values, "properties").items()) {
    check_complete(property, member(object(*schema, "properties"), key.c_str()),
                   schema_properties.key(key), values_properties.key(key));
  }
}

// Sub-schemas of a schema, for walks that do not care where they stand.
template <class Visit>
void each_part(const Json& schema, Visit visit) {
  for (const char* key : {"items", "not", "additionalProperties"}) {
    const Json* value = member(schema, key);
    if (value && value->is_object()) visit(*value);
  }
  for (const char* key : {"allOf", "anyOf", "oneOf"}) {
    for (const Json& part : array(schema, key)) visit(part);
  }
  for (const auto& [key, property] : object(schema, "properties").items()) visit(property);
}

}  // namespace

FieldErrors check_structural(const Json& schema, const Path& path) {
  FieldErrors found;
  Structural structural(found);
  structural.check(schema, Level::kRoot, path);
  structural.check_complete_below(schema, schema, path, path);
  std::vector<FieldError> sorted = found.list();
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const FieldError& a, const FieldError& b) { return a.text() < b.text(); });
  FieldErrors out;
  for (FieldError& error : sorted) out.add(std::move(error));
  return out;
}

std::string structural_conversion_error(const Json& schema) {
  for (const char* key : {"id", "$schema", "$ref", "patternProperties", "dependencies",
                          "additionalItems", "definitions"}) {
    const Json* value = member(schema, key);
    if (!value || *value == "" || (value->is_object() && value->empty())) continue;
    const std::string_view shown = std::string_view(key) == "$schema" ? "schema" : key;
    return "OpenAPIV3Schema '" + std::string(shown) + "' is not supported";
  }
  const Json* preserve = member(schema, "x-kubernetes-preserve-unknown-fields");
  if (preserve && *preserve == false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  }
  if (member(schema, "items") && member(schema, "items")->is_array() &&
      !member(schema, "items")->empty()) {
    return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  }
  std::string error;
  each_part(schema, [&](const Json& part) {
    if (error.empty()) error = structural_conversion_error(part);
  });
  return error;
}

}  // namespace orrery::api
