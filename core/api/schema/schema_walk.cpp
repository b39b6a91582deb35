#include "core/api/schema/schema_walk.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/api/schema/field_check.h"
#include "core/api/schema/go_print.h"
#include "core/api/schema/scalar_text.h"

namespace orrery::api {
namespace {

using nlohmann::json;

json zero_of(TypeUse use) {
  switch (use.shape) {
    case Shape::kBool:
      return false;
    case Shape::kInt32:
    case Shape::kInt64:
    case Shape::kDouble:
    case Shape::kIntOrString:
      return 0;
    case Shape::kQuantity:
      return "0";
    case Shape::kStruct:
      return json::object();
    case Shape::kString:
    case Shape::kBytes:
      return "";
    default:
      return nullptr;  // times, lists and maps: null is their zero value
  }
}

/// Calls `visit(use, child)` for each typed child of a struct, list or map.
template <class Visit>
void each_child(const ApiTable& table, TypeUse use, json& value, Visit visit) {
  if (use.shape == Shape::kStruct && value.is_object()) {
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (const FieldRow* field = table.find_field(use.index, it.key()))
        visit(field->use, it.value());
    }
  } else if ((use.shape == Shape::kList && value.is_array()) ||
             (use.shape == Shape::kMap && value.is_object())) {
    const TypeUse element = table.element(use);
    for (json& child : value) visit(element, child);
  }
}

void prune(const ApiTable& table, TypeUse use, json& value) {
  if (use.shape == Shape::kStruct && value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      it = table.find_field(use.index, it.key()) ? std::next(it) : value.erase(it);
    }
  }
  each_child(table, use, value,
             [&](TypeUse child_use, json& child) { prune(table, child_use, child); });
}

void drop(const ApiTable& table, TypeUse use, json& value) {
  if (use.shape == Shape::kStruct && value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      it = it.value().is_null() ? value.erase(it) : std::next(it);
    }
  }
  const bool in_list_or_map = use.shape != Shape::kStruct;
  each_child(table, use, value, [&](TypeUse child_use, json& child) {
    if (child.is_null() && in_list_or_map) child = zero_of(child_use);
    drop(table, child_use, child);
  });
}

std::string convert(const ApiTable& table, TypeUse use, const json& value);

std::string convert_children(const ApiTable& table, TypeUse use, const json& value) {
  for (auto it = value.begin(); it != value.end(); ++it) {
    TypeUse child = use;
    if (use.shape == Shape::kStruct) {
      const FieldRow* field = table.find_field(use.index, it.key());
      if (field == nullptr) continue;
      child = field->use;
    } else {
      child = table.element(use);
    }
    if (std::string error = convert(table, child, *it); !error.empty()) return error;
  }
  return {};
}

std::string convert(const ApiTable& table, TypeUse use, const json& value) {
  if (value.is_null()) return {};
  const bool integral =
      value.is_number_integer() ||
      (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
  bool fits = true;
  switch (use.shape) {
    case Shape::kString:
      fits = value.is_string();
      break;
    case Shape::kBool:
      fits = value.is_boolean();
      break;
    case Shape::kInt32:
    case Shape::kInt64:
      fits = integral;
      break;
    case Shape::kDouble:
      fits = value.is_number();
      break;
    case Shape::kOpaque:
      return {};
    case Shape::kStruct:
      if (value.is_object()) return convert_children(table, use, value);
      return fmt::format("cannot restore struct from: {}", go_kind_of(value));
    case Shape::kList:
      if (value.is_array()) return convert_children(table, use, value);
      return fmt::format("cannot restore slice from {}", go_kind_of(value));
    case Shape::kMap:
      if (value.is_object()) return convert_children(table, use, value);
      return fmt::format("cannot restore map from {}", go_kind_of(value));
    case Shape::kBytes:
      if (value.is_string()) return base64_text_error(value.get_ref<const std::string&>());
      return fmt::format("cannot restore slice from {}", go_kind_of(value));
    default:
      return decode_error(check_value(table, use, value));  // by their own JSON decoders
  }
  return fits ? std::string{} : "unrecognized type: " + go_type(table, use);
}

}  // namespace

void prune_unknown(const ApiTable& table, std::size_t type, json& value) {
  prune(table, struct_use(type), value);
}

void drop_nulls(const ApiTable& table, std::size_t type, json& value) {
  drop(table, struct_use(type), value);
}

std::string conversion_error(const ApiTable& table, std::size_t type, const json& value) {
  return convert(table, struct_use(type), value);
}

}  // namespace orrery::api
