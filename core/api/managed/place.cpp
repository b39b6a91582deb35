#include "core/api/managed/place.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/managed/path_element.h"
#include "core/api/values/quoted.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

/// Raw JSON in a field of a built-in kind (those have protobuf numbers) is one value.
bool is_untyped(const Place& place) {
  return place.field != nullptr && !place.field->path.empty();
}

Form deduced_form(const Place& place, const Json& value) {
  if (place.field != nullptr && place.field->map_type == "atomic" && value.is_object()) {
    return Form::kAtomicMap;
  }
  if (value.is_array()) return Form::kAtomicList;
  if (!value.is_object() && !value.is_null()) return Form::kScalar;
  return is_untyped(place) ? Form::kAtomicMap : Form::kEntries;
}

Form struct_form(const ApiTable& table, const Place& place) {
  const std::string_view own = place.field != nullptr ? place.field->map_type : "";
  const std::string_view kind = own.empty() ? table.type(place.use.index).map_type : own;
  return kind == "atomic" ? Form::kAtomicMap : Form::kFields;
}

Form list_form(const Place& place) {
  const ListKind kind = place.field != nullptr ? place.field->list : ListKind::kUnset;
  if (kind == ListKind::kSet) return Form::kSet;
  return kind == ListKind::kMap ? Form::kKeyed : Form::kAtomicList;
}

/// What OpenAPI says a missing key of a list element stands for: its default; in built-in kinds
/// (whose fields have protobuf numbers) also the zero value of a required field and TCP for the
/// protocol of ports. Null: none.
Json key_default(const TypeRow& type, const FieldRow* field) {
  if (field == nullptr) return nullptr;
  if (!field->default_json.empty()) return Json::parse(field->default_json, nullptr, false);
  if (field->path.empty()) return nullptr;
  if (type.name == "LocalObjectReference") return "";
  if (field->name == "protocol" && !field->enum_values.empty()) return "TCP";
  if (!field->required) return nullptr;
  switch (field->use.shape) {
    case Shape::kString:
      return "";
    case Shape::kInt32:
    case Shape::kInt64:
      return 0;
    case Shape::kBool:
      return false;
    default:
      return nullptr;
  }
}

std::string no_keys(const std::vector<std::string_view>& keys) {
  std::string list;
  for (const std::string_view key : keys) {
    if (!list.empty()) list += ' ';
    list += api::quoted(key);
  }
  return "associative list with keys has an element that omits all key fields [" + list +
         "] (and doesn't have default values for any key fields)";
}

void append_key(std::string& out, std::string_view name, const Json& value) {
  out += out.size() > 3 ? ",\"" : "\"";
  out += name;
  out += "\":";
  append_go_json(out, value);
}

ListElement keyed_element(const ApiTable& table, const Place& list, const Json& value) {
  if (value.is_null()) return {"", "associative list with keys may not have a null element"};
  if (!value.is_object()) return {"", "associative list with keys may not have non-map elements"};
  const Place element = element_of(table, list);
  std::vector<std::string_view> keys = list.field->list_keys;
  std::sort(keys.begin(), keys.end());
  ListElement out;
  out.element = "k:{";
  for (const std::string_view key : keys) {
    if (const auto it = value.find(key); it != value.end()) {
      append_key(out.element, key, *it);
    } else if (element.use.shape == Shape::kStruct) {
      const Json stand_in = 
          key_default(table.type(element.use.index), table.find_field(element.use.index, key));
      if (!stand_in.is_null()) append_key(out.element, key, stand_in);
    }
  }
  if (out.element.size() == 3) return {"", no_keys(list.field->list_keys)};
  out.element += '}';
  return out;
}

ListElement set_element(const Json& value) {
  if (value.is_object()) {
    return {"", "associative list without keys has an element that's a map type"};
  }
  if (value.is_array()) return {"", "not supported: associative list with lists as elements"};
  if (value.is_null()) {
    return {"", "associative list without keys has an element that's an explicit null"};
  }
  return {value_element(value), ""};
}

}  // namespace

Form form_of(const ApiTable& table, const Place& place, const Json& value) {
  switch (place.use.shape) {
    case Shape::kStruct:
      return struct_form(table, place);
    case Shape::kList:
      return list_form(place);
    case Shape::kMap:
      return place.field != nullptr && place.field->map_type == "atomic" ? Form::kAtomicMap
                                                                         : Form::kEntries;
    case Shape::kOpaque:
      return deduced_form(place, value);
    default:
      return Form::kScalar;
  }
}

Member member_of(const ApiTable& table, const Place& place, std::string_view key) {
  if (place.use.shape == Shape::kStruct) {
    const FieldRow* field = table.find_field(place.use.index, key);
    if (field != nullptr) return {{field->use, field}, true};
  } else if (place.use.shape == Shape::kMap) {
    return {element_of(table, place), false};
  }
  return {};
}

Place element_of(const ApiTable& table, const Place& place) {
  if (place.use.shape != Shape::kList && place.use.shape != Shape::kMap) return {};
  return {table.element(place.use), nullptr};
}

bool allows_any_member(const Place& place) { return place.use.shape != Shape::kStruct; }

bool writes_null(const FieldRow& field) {
  return (field.use.shape == Shape::kTime || field.use.shape == Shape::kMicroTime) &&
         !field.pointer && !field.path.empty() && field.name != "creationTimestamp";
}

ListElement list_element(const ApiTable& table, const Place& list, const Json& value) {
  return list_form(list) == Form::kKeyed ? keyed_element(table, list, value) : set_element(value);
}

std::vector<NamedElement> named_elements(const ApiTable& table, const Place& list,
                                         const Json& value) {
  std::vector<NamedElement> out;
  if (!value.is_array()) return out;
  out.reserve(value.size());
  for (const Json& child : value) {
    ListElement named = list_element(table, list, child);
    if (!named.element.empty()) out.push_back({std::move(named.element), &child});
  }
  return out;
}

}  // namespace orrery::api::managed
