#include "core/api/managed/added_paths.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/managed/path_element.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

FieldSet added_elements(const ApiTable& table, const Place& place, const Json& value) {
  FieldSet out;
  const Place element = element_of(table, place);
  std::vector<NamedElement> elements = named_elements(table, place, value);
  out.reserve(elements.size());
  const std::vector<std::string> doubles = repeated(elements);
  for (NamedElement& one : elements) {
    const bool is_double = std::binary_search(doubles.begin(), doubles.end(), one.element);
    out.add(std::move(one.element), true,
            is_double ? FieldSet() : added_paths(table, element, *one.value));
  }
  return out;
}

bool is_zero(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  if (value.is_boolean()) return !value.get<bool>();
  return value.is_number() && value == 0;
}

/// Times that Go writes as null although the document does not have them.
void add_unset_times(const ApiTable& table, const Place& place, const Json& value, FieldSet& out) {
  for (const FieldRow& field : table.fields(table.type(place.use.index))) {
    if (writes_null(field) && !value.contains(field.name)) {
      out.add(field_element(field.name), true, {});
    }
  }
}

}  // namespace

bool is_always_there(const FieldRow& field) {
  // Required by validation, yet left out by Go when empty.
  if (field.name == "validationActions" || field.name == "parentRef") return false;
  return field.required || field.always ||
         (field.use.shape == Shape::kStruct && !field.pointer);
}

std::vector<std::string> repeated(const std::vector<NamedElement>& elements) {
  std::vector<std::string> out;
  if (elements.size() < 2) return out;
  std::vector<std::string_view> names;
  names.reserve(elements.size());
  for (const NamedElement& one : elements) names.push_back(one.element);
  std::sort(names.begin(), names.end());
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i] == names[i - 1] && (out.empty() || out.back() != names[i])) {
      out.emplace_back(names[i]);
    }
  }
  return out;
}

FieldSet added_paths(const ApiTable& table, const Place& place, const Json& value) {
  FieldSet out;
  const Form form = form_of(table, place, value);
  if (is_leaf(form)) return out;
  if (is_list(form)) return added_elements(table, place, value);
  if (!value.is_object()) return out;
  out.reserve(value.size());
  for (const auto& [key, child] : value.get_ref<const Json::object_t&>()) {
    out.add(field_element(key), true,
            added_paths(table, member_of(table, place, key).place, child));
  }
  if (form == Form::kFields) add_unset_times(table, place, value, out);
  return out;
}

FieldSet added_to_zero(const ApiTable& table, const Place& place, const Json& value) {
  FieldSet out;
  if (!value.is_object()) return out;
  out.reserve(value.size());
  for (const auto& [key, child] : value.get_ref<const Json::object_t&>()) {
    if (child.is_null()) continue;
    const Member member = member_of(table, place, key);
    const Form form = form_of(table, member.place, child);
    const bool there = member.declared && is_always_there(*member.place.field);
    if (!there) {
      out.add(field_element(key), true, added_paths(table, member.place, child));
    } else if (is_leaf(form)) {
      const bool empty_struct = member.place.use.shape == Shape::kStruct && child.empty();
      out.add(field_element(key), !is_zero(child) && !empty_struct, {});
    } else if (form == Form::kFields) {
      out.add(field_element(key), false, added_to_zero(table, member.place, child));
    } else {
      // Null before: an empty list or map is a change, elements are additions.
      out.add(field_element(key), child.empty(), added_paths(table, member.place, child));
    }
  }
  return out;
}

}  // namespace orrery::api::managed
