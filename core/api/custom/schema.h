// Schema: one node of an OpenAPI v3 schema as read from a CRD, compiled once: numbers, patterns and
// sub-schemas ready to use. Defaults, pruning and validation of custom resources walk it.
// The JSON it came from may go away.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/api/custom/regular_expression.h"

namespace orrery::api {

struct Schema {
  enum class Additional : std::uint8_t { kUnset, kForbidden, kAny, kSchema };

  std::string type;                // as written
  std::vector<std::string> types;  // as checked: an int-or-string is "integer" or "string"
  std::string format;              // "" where none is checked
  bool nullable = false, int_or_string = false, preserve_unknown = false, embedded = false;
  bool unique_items = false, exclusive_maximum = false, exclusive_minimum = false;
  std::optional<double> maximum, minimum, multiple_of;
  std::optional<std::int64_t> max_length, min_length, max_items, min_items, max_properties,
      min_properties;
  std::string pattern;
  std::optional<RegularExpression> expression;  // of `pattern`; none where it does not compile
  std::string pattern_error;
  std::vector<std::string> required;
  std::string list_type, map_type;  // "" = not given
  std::vector<std::string> list_keys;
  std::shared_ptr<const nlohmann::json> default_value;  // null: none
  std::shared_ptr<const nlohmann::json> enum_values;    // a JSON array; null: none
  std::unique_ptr<Schema> items, additional_schema, not_schema;
  Additional additional = Additional::kUnset;
  std::map<std::string, Schema, std::less<>> properties;
  std::vector<Schema> all_of, any_of, one_of;
  bool has_rules = false;  // x-kubernetes-validations here or below

  const Schema* property(std::string_view name) const;
  /// The schema of a member of an object: its property's, else the one of additionalProperties.
  const Schema* member_schema(std::string_view name) const;
};

/// kServed: as custom resources are validated. kStructural: as the defaults inside a CRD are
/// (formats as written, int-or-string without a type of its own).
enum class SchemaReading { kServed, kStructural };

/// Compiles a JSONSchemaProps. What does not fit (a wrong type, an array of items) is left out: the
/// checks of the CRD refuse it.
Schema compile_schema(const nlohmann::json& schema, SchemaReading reading = SchemaReading::kServed);

}  // namespace orrery::api
