#include "core/api/custom/schema.h"

#include "core/api/checks/json_view.h"
#include "core/api/custom/string_formats.h"

namespace orrery::api {
namespace {

std::optional<double> maybe_number(const Json& schema, const char* key) {
  const Json* value = member(schema, key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::vector<std::string> texts(const Json& schema, const char* key) {
  std::vector<std::string> out;
  for (const Json& item : array(schema, key)) out.emplace_back(as_text(item));
  return out;
}

void read_values(Schema& out, const Json& schema, SchemaReading reading) {
  out.type = text(schema, "type");
  if (!out.type.empty()) out.types = {out.type};
  out.int_or_string = flag(schema, "x-kubernetes-int-or-string");
  if (out.int_or_string && reading == SchemaReading::kServed) out.types = {"integer", "string"};
  out.format = text(schema, "format");
  const std::string_view one_type = out.types.size() == 1 ? out.types[0] : std::string_view();
  if (reading == SchemaReading::kServed && !is_supported_format(one_type, out.format)) {
    out.format.clear();
  }
  out.nullable = flag(schema, "nullable");
  out.preserve_unknown = flag(schema, "x-kubernetes-preserve-unknown-fields");
  out.embedded = flag(schema, "x-kubernetes-embedded-resource");
  out.unique_items = flag(schema, "uniqueItems");
  out.exclusive_maximum = flag(schema, "exclusiveMaximum");
  out.exclusive_minimum = flag(schema, "exclusiveMinimum");
  out.maximum = maybe_number(schema, "maximum");
  out.minimum = maybe_number(schema, "minimum");
  out.multiple_of = maybe_number(schema, "multipleOf");
  out.max_length = maybe_integer(schema, "maxLength");
  out.min_length = maybe_integer(schema, "minLength");
  out.max_items = maybe_integer(schema, "maxItems");
  out.min_items = maybe_integer(schema, "minItems");
  out.max_properties = maybe_integer(schema, "maxProperties");
  out.min_properties = maybe_integer(schema, "minProperties");
  out.pattern = text(schema, "pattern");
  out.required = texts(schema, "required");
  out.list_type = text(schema, "x-kubernetes-list-type");
  out.map_type = text(schema, "x-kubernetes-map-type");
  out.list_keys = texts(schema, "x-kubernetes-list-map-keys");
}

void read_pattern(Schema& out) {
  if (out.pattern.empty()) return;
  Result<RegularExpression> made = RegularExpression::compile(out.pattern);
  if (made.ok()) {
    out.expression = std::move(made).value();
  } else {
    out.pattern_error = made.status().message();
  }
}

}  // namespace

const Schema* Schema::property(std::string_view name) const {
  const auto it = properties.find(name);
  return it == properties.end() ? nullptr : &it->second;
}

const Schema* Schema::member_schema(std::string_view name) const {
  const Schema* found = property(name);
  return found ? found : additional_schema.get();
}

Schema compile_schema(const Json& schema, SchemaReading reading) {
  Schema out;
  read_values(out, schema, reading);
  read_pattern(out);
  if (const Json* value = member(schema, "default")) {
    out.default_value = std::make_shared<const Json>(*value);
  }
  if (const Json& values = array(schema, "enum"); !values.empty()) {
    out.enum_values = std::make_shared<const Json>(values);
  }
  out.has_rules = !array(schema, "x-kubernetes-validations").empty();
  const auto child = [&](const Json& from) {
    Schema made = compile_schema(from, reading);
    out.has_rules = out.has_rules || made.has_rules;
    return made;
  };
  for (const auto& [name, property] : object(schema, "properties").items()) {
    out.properties.emplace(name, child(property));
  }
  const auto one = [&](const char* key) {
    const Json* value = member(schema, key);
    if (!value || !value->is_object()) return std::unique_ptr<Schema>();
    return std::make_unique<Schema>(child(*value));
  };
  out.items = one("items");
  out.not_schema = one("not");
  out.additional_schema = one("additionalProperties");
  if (out.additional_schema) {
    out.additional = Schema::Additional::kSchema;
  } else if (has(schema, "additionalProperties")) {
    out.additional = flag(schema, "additionalProperties") ? Schema::Additional::kAny
                                                          : Schema::Additional::kForbidden;
  }
  for (const Json& item : array(schema, "allOf")) out.all_of.push_back(child(item));
  for (const Json& item : array(schema, "anyOf")) out.any_of.push_back(child(item));
  for (const Json& item : array(schema, "oneOf")) out.one_of.push_back(child(item));
  return out;
}

}  // namespace orrery::api
