#include "core/api/custom/schema_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/custom/number_checks.h"
#include "core/api/custom/string_formats.h"
#include "core/api/schema/go_print.h"
#include "core/api/values/quoted.h"
#include "core/api/values/utf8.h"

namespace orrery::api {
namespace {

constexpr std::size_t kFaultsMax = 1000;  // past it, further ones are dropped

using Type = FieldError::Type;

// One error of the validator: where (a path with a leading dot at times), and its whole text, by
// which equal ones are told.
struct Fault {
  Type type;
  std::string name;
  std::string text;
  std::string bad_value, detail;
  bool has_place = true;  // false: a plain error, without a field
};

struct Outcome {
  std::vector<Fault> faults;
  int matches = 0;  // upstream's MatchCount: picks the errors of the schema that fits best

  bool ok() const { return faults.empty(); }
  void add(Fault fault) {
    if (faults.size() >= kFaultsMax) return;
    const auto same_text = [&](const Fault& other) { return other.text == fault.text; };
    if (std::none_of(faults.begin(), faults.end(), same_text)) faults.push_back(std::move(fault));
  }
  void merge(Outcome other) {
    for (Fault& fault : other.faults) add(std::move(fault));
    matches += other.matches;
  }
};

Fault placed(Type type, const std::string& name, std::string text, std::string value) {
  return {type, name, text, std::move(value), text, true};
}
Fault plain(std::string text) { return {Type::kInvalid, {}, text, "\"\"", text, false}; }

std::string_view json_type(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean:
      return "boolean";
    case Json::value_t::string:
      return "string";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return "integer";
    case Json::value_t::number_float:
      return "number";
    case Json::value_t::array:
      return "array";
    case Json::value_t::object:
      return "object";
    default:
      return "null";
  }
}

std::int64_t rune_count(std::string_view text) {
  std::int64_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(std::max<std::size_t>(utf8_sequence_length(text), 1));
    ++count;
  }
  return count;
}

Fault type_fault(const std::string& path, std::string_view wanted, std::string_view got) {
  return placed(Type::kTypeInvalid, path,
                fmt::format("{} in body must be of type {}: {}", path, wanted, api::quoted(got)),
                api::quoted(got));
}

class Validator {
 public:
  Outcome run(const Schema& schema, const Json& value, const Json* old, const std::string& path);

 private:
  Outcome check_type(const Schema& schema, const Json& value, const std::string& path);
  Outcome check_combinations(const Schema& schema, const Json& value, const std::string& path);
  void check_any_of(Outcome& out, const Schema& schema, const Json& value, const std::string& path);
  void check_one_of(Outcome& out, const Schema& schema, const Json& value, const std::string& path);
  void check_all_of(Outcome& out, const Schema& schema, const Json& value, const std::string& path);
  Outcome check_text(const Schema& schema, const std::string& text, const std::string& path);
  Outcome check_enum(const Schema& schema, const Json& value, const std::string& path);
  Outcome check_list(const Schema& schema, const Json& value, const Json* old,
                     const std::string& path);
  Outcome check_object(const Schema& schema, const Json& value, const Json* old,
                       const std::string& path);
};

Outcome Validator::check_type(const Schema& schema, const Json& value, const std::string& path) {
  Outcome out;
  const auto& types = schema.types;
  const auto allows = [&](std::string_view t) {
    return std::find(types.begin(), types.end(), t) != types.end();
  };
  const std::string wanted = fmt::format("{}", fmt::join(types, ","));
  if (value.is_null()) {
    if (!types.empty() && !allows("null") && !schema.nullable) {
      out.add(type_fault(path, wanted, "null"));
    } else {
      out.matches = 1;
    }
    return out;
  }
  if (types.empty() && schema.format.empty()) return out;
  const std::string_view type = json_type(value);
  const std::string_view format = value.is_number_float() ? "float64"
                                  : value.is_number()     ? "int64"
                                                          : "";
  const bool whole = value.is_number_float() && is_whole(value.get<double>()) && allows("integer");
  const bool integer_as_number = type == "integer" && allows("number");
  const bool textual = value.is_string() || value.is_array();
  if (!textual && !schema.format.empty() &&
      !(allows(type) || format == schema.format || whole || integer_as_number)) {
    out.add(type_fault(path, schema.format, format));
    return out;
  }
  const bool numeric = allows("number") || allows("integer");
  if (!numeric && !schema.format.empty() && textual) {
    out.matches = 1;
    return out;
  }
  if (!(allows(type) || whole || integer_as_number)) {
    out.add(type_fault(path, wanted, type));
    return out;
  }
  out.matches = 1;
  return out;
}

void Validator::check_any_of(Outcome& out, const Schema& schema, const Json& value,
                             const std::string& path) {
  Outcome best;
  bool first = true;
  for (const Schema& choice : schema.any_of) {
    Outcome result = run(choice, value, nullptr, path);
    if (result.ok()) return out.merge(std::move(result));
    if (first || result.matches > best.matches) best = std::move(result);
    first = false;
  }
  out.add(plain(fmt::format("{} must validate at least one schema (anyOf)", api::quoted(path))));
  out.merge(std::move(best));
}

void Validator::check_one_of(Outcome& out, const Schema& schema, const Json& value,
                             const std::string& path) {
  Outcome best, success;
  bool failed = false;
  int fitting = 0;
  for (const Schema& choice : schema.one_of) {
    Outcome result = run(choice, value, nullptr, path);
    if (result.ok()) {
      if (fitting++ == 0) success = std::move(result);
      failed = false;
    } else if (fitting == 0 && (!failed || result.matches > best.matches)) {
      best = std::move(result);
      failed = true;
    }
  }
  if (fitting == 1) return out.merge(std::move(success));
  const std::string why =
      fitting == 0 ? "Found none valid" : fmt::format("Found {} valid alternatives", fitting);
  out.add(plain(
      fmt::format("{} must validate one and only one schema (oneOf). {}", api::quoted(path), why)));
  if (failed) out.merge(std::move(best));
}

void Validator::check_all_of(Outcome& out, const Schema& schema, const Json& value,
                             const std::string& path) {
  std::size_t fitting = 0;
  for (const Schema& part : schema.all_of) {
    Outcome result = run(part, value, nullptr, path);
    if (result.ok()) ++fitting;
    out.merge(std::move(result));
  }
  if (fitting == schema.all_of.size()) return;
  out.add(plain(fmt::format("{} must validate all the schemas (allOf){}", api::quoted(path),
                            fitting == 0 ? ". None validated" : "")));
}

Outcome Validator::check_combinations(const Schema& schema, const Json& value,
                                      const std::string& path) {
  Outcome out;
  if (!schema.any_of.empty()) check_any_of(out, schema, value, path);
  if (!schema.one_of.empty()) check_one_of(out, schema, value, path);
  if (!schema.all_of.empty()) check_all_of(out, schema, value, path);
  if (schema.not_schema && run(*schema.not_schema, value, nullptr, path).ok()) {
    out.add(plain(fmt::format("{} must not validate the schema (not)", api::quoted(path))));
  }
  ++out.matches;
  return out;
}

Outcome Validator::check_text(const Schema& schema, const std::string& text,
                              const std::string& path) {
  Outcome out;
  const auto runes = [&] { return rune_count(text); };
  if (schema.max_length && runes() > *schema.max_length) {
    Fault fault = placed(
        Type::kTooLong, path,
        fmt::format("{} in body should be at most {} chars long", path, *schema.max_length), {});
    fault.detail = fmt::format("may not be more than {} bytes", *schema.max_length);
    out.add(std::move(fault));
    return out;
  }
  if (schema.min_length && runes() < *schema.min_length) {
    out.add(
        placed(Type::kInvalid, path,
               fmt::format("{} in body should be at least {} chars long", path, *schema.min_length),
               api::quoted(text)));
    return out;
  }
  if (schema.pattern.empty()) return out;
  if (!schema.expression) {
    out.add(placed(Type::kInvalid, path,
                   fmt::format("{} in body should match '{}, but pattern is invalid: {}'", path,
                               schema.pattern, schema.pattern_error),
                   api::quoted(text)));
  } else if (!schema.expression->matches(text)) {
    out.add(placed(Type::kInvalid, path,
                   fmt::format("{} in body should match '{}'", path, schema.pattern),
                   api::quoted(text)));
  }
  return out;
}

// Numbers compare after conversion to the type of the enum's value, as in Go.
bool is_enum_value(const Json& value, const Json& allowed) {
  if (value.is_null() || allowed.is_null()) return false;
  if (value.is_number_float() && allowed.is_number_integer()) {
    const double number = value.get<double>();
    return std::abs(number) < 9e18 &&
           static_cast<std::int64_t>(number) == allowed.get<std::int64_t>();
  }
  return value == allowed;
}

Outcome Validator::check_enum(const Schema& schema, const Json& value, const std::string& path) {
  Outcome out;
  if (!schema.enum_values) return out;
  std::string supported, printed;
  for (const Json& allowed : *schema.enum_values) {
    if (is_enum_value(value, allowed)) return out;
    const std::string shown = allowed.is_string() ? allowed.get<std::string>() : allowed.dump();
    supported.append(supported.empty() ? "" : ", ").append(api::quoted(shown));
    printed.append(printed.empty() ? "" : " ").append(go_print(allowed));
  }
  Fault fault =
      placed(Type::kNotSupported, path,
             fmt::format("{} in body should be one of [{}]", path, printed), error_value(value));
  fault.detail = "supported values: " + supported;
  out.add(std::move(fault));
  return out;
}

// The element of the old list with the same keys: only lists of type map relate elements.
const Json* old_element(const Schema& schema, const Json& element, const Json* old) {
  if (!old || !old->is_array() || schema.list_type != "map") return nullptr;
  for (const Json& candidate : *old) {
    const bool same_keys =
        std::all_of(schema.list_keys.begin(), schema.list_keys.end(), [&](const std::string& key) {
          return same(member(candidate, key.c_str()), member(element, key.c_str()));
        });
    if (same_keys) return &candidate;
  }
  return nullptr;
}

Outcome Validator::check_list(const Schema& schema, const Json& value, const Json* old,
                              const std::string& path) {
  Outcome out;
  if (schema.items) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      out.merge(run(*schema.items, value[i], old_element(schema, value[i], old),
                    fmt::format("{}[{}]", path, i)));
    }
  }
  const auto size = static_cast<std::int64_t>(value.size());
  if (schema.min_items && size < *schema.min_items) {
    out.add(placed(Type::kInvalid, path,
                   fmt::format("{} in body should have at least {} items", path, *schema.min_items),
                   std::to_string(size)));
  }
  if (schema.max_items && size > *schema.max_items) {
    Fault fault =
        placed(Type::kTooMany, path,
               fmt::format("{} in body should have at most {} items", path, *schema.max_items),
               std::to_string(size));
    fault.detail = fmt::format("must have at most {} items", *schema.max_items);
    out.add(std::move(fault));
  }
  if (schema.unique_items) {
    std::vector<std::string> seen;
    for (const Json& item : value) seen.push_back(item.dump());
    std::sort(seen.begin(), seen.end());
    if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) {
      out.add(placed(Type::kInvalid, path, path + " in body shouldn't contain duplicates", "\"\""));
    }
  }
  ++out.matches;
  return out;
}

Outcome Validator::check_object(const Schema& schema, const Json& value, const Json* old,
                                const std::string& path) {
  Outcome out;
  const auto count = static_cast<std::int64_t>(value.size());
  if (schema.min_properties && count < *schema.min_properties) {
    out.add(placed(
        Type::kInvalid, path,
        fmt::format("{} in body should have at least {} properties", path, *schema.min_properties),
        std::to_string(count)));
  }
  if (schema.max_properties && count > *schema.max_properties) {
    Fault fault = placed(
        Type::kTooMany, path,
        fmt::format("{} in body should have at most {} properties", path, *schema.max_properties),
        std::to_string(count));
    fault.detail = fmt::format("must have at most {} items", *schema.max_properties);
    out.add(std::move(fault));
  }
  const bool relates = old && schema.map_type != "atomic";
  const auto old_member = [&](const std::string& key) {
    const bool type_meta = path.empty() && (key == "kind" || key == "apiVersion");
    return relates && !type_meta ? member(*old, key.c_str()) : nullptr;
  };
  for (const auto& [key, item] : value.items()) {
    if (schema.property(key)) continue;
    if (schema.additional == Schema::Additional::kForbidden) {
      out.add(placed(Type::kInvalid, path,
                     fmt::format("{}.{} in body is a forbidden property", path, key),
                     api::quoted(key)));
    } else if (schema.additional_schema) {
      out.merge(run(*schema.additional_schema, item, old_member(key), path + "." + key));
    }
  }
  for (const auto& [name, property] : schema.properties) {
    const auto it = value.find(name);
    if (it == value.end()) continue;
    out.merge(run(property, *it, old_member(name), path.empty() ? name : path + "." + name));
  }
  for (const std::string& name : schema.required) {
    if (value.contains(name)) continue;
    const std::string place = path + "." + name;
    Fault fault = placed(Type::kRequired, place, place + " in body is required", {});
    fault.detail.clear();
    out.add(std::move(fault));
  }
  return out;
}

Outcome Validator::run(const Schema& schema, const Json& value, const Json* old,
                       const std::string& path) {
  Outcome out = check_type(schema, value, path);
  if (value.is_null()) {
    out.merge(check_enum(schema, value, path));
  } else {
    const bool typed = !schema.types.empty() || !schema.format.empty();
    if (typed) ++out.matches;
    out.merge(check_combinations(schema, value, path));
    ++out.matches;
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      out.merge(check_text(schema, text, path));
      ++out.matches;
      if (is_text_format(schema.format)) {
        if (!matches_format(schema.format, text)) out.add(type_fault(path, schema.format, text));
        ++out.matches;
      }
    }
    if (value.is_number()) {
      for (NumberFault& fault : check_number(schema, value, path)) {
        out.add(fault.has_place
                    ? placed(Type::kInvalid, path, std::move(fault.text), error_value(value))
                    : plain(std::move(fault.text)));
      }
      out.matches += 2;
    }
    if (value.is_array()) {
      out.merge(check_list(schema, value, old, path));
      ++out.matches;
    }
    out.merge(check_enum(schema, value, path));
    ++out.matches;
    if (value.is_object()) {
      out.merge(check_object(schema, value, old, path));
      ++out.matches;
    }
    ++out.matches;
  }
  if (!out.ok() && old && *old == value) out.faults.clear();  // ratcheting
  return out;
}

FieldError to_field_error(Fault fault, std::string_view field) {
  std::string_view name = fault.has_place ? std::string_view(fault.name) : std::string_view();
  if (name.starts_with('.')) name.remove_prefix(1);
  std::string place(field);
  if (!name.empty()) place.append(place.empty() ? "" : ".").append(name);
  if (place.empty()) place = "<nil>";
  return {fault.type, std::move(place), std::move(fault.bad_value), std::move(fault.detail)};
}

}  // namespace

std::string error_value(const Json& value) {
  if (value.is_string()) return api::quoted(as_text(value));
  if (value.is_number_float()) return go_float(value.get<double>());
  return value.dump();
}

FieldErrors validate_by_schema(const Schema& schema, const Json& value, const Json* old,
                               std::string_view field) {
  FieldErrors errors;
  Outcome outcome = Validator().run(schema, value, old, "");
  for (Fault& fault : outcome.faults) errors.add(to_field_error(std::move(fault), field));
  return errors;
}

}  // namespace orrery::api
