#include "core/api/schema/omit_empty.h"

#include <nlohmann/json.hpp>

namespace orrery::api {
namespace {

using nlohmann::json;

bool is_omitted(const FieldRow& field, const json& value) {
  if (field.required || field.always || field.pointer) return false;
  switch (field.use.shape) {
    case Shape::kString:
    case Shape::kBytes:
      return value.is_string() && value.get_ref<const std::string&>().empty();
    case Shape::kBool:
      return value.is_boolean() && !value.get<bool>();
    case Shape::kInt32:
    case Shape::kInt64:
    case Shape::kDouble:
      return value.is_number() && value == 0;
    case Shape::kList:
    case Shape::kMap:
      return value.is_structured() && value.empty();
    default:
      return false;
  }
}

void walk(const ApiTable& table, TypeUse use, json& value) {
  if (use.shape == Shape::kList || use.shape == Shape::kMap) {
    const TypeUse element = table.element(use);
    if (element.shape < Shape::kStruct || !value.is_structured()) return;
    for (json& child : value) walk(table, element, child);
  }
  if (use.shape != Shape::kStruct || !value.is_object()) return;
  for (auto it = value.begin(); it != value.end();) {
    const FieldRow* field = table.find_field(use.index, it.key());
    if (field == nullptr) {
      ++it;
    } else if (is_omitted(*field, *it)) {
      it = value.erase(it);
    } else {
      walk(table, field->use, *it);
      ++it;
    }
  }
}

}  // namespace

void omit_empty(const ApiTable& table, std::size_t type, json& value) {
  walk(table, TypeUse{Shape::kStruct, static_cast<std::uint16_t>(type)}, value);
}

}  // namespace orrery::api
