// Place: the type of one spot of an object as structured-merge-diff sees it: which lists and maps
// are one value (atomic), which are owned element by element. Every walk of this folder asks here
// and nowhere else. Opaque values have a deduced type: objects by field, lists atomic.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/managed/field_set.h"
#include "core/api/schema/api_table.h"

namespace orrery::api::managed {

struct Place {
  TypeUse use;
  const FieldRow* field = nullptr;  // its list and map flags count; null for roots and elements
};

/// The root of an object of this row.
inline Place root_place(std::size_t type) {
  return {TypeUse{Shape::kStruct, static_cast<std::uint16_t>(type)}, nullptr};
}

enum class Form : std::uint8_t {
  kScalar,
  kAtomicMap,
  kAtomicList,
  kFields,   // a struct, owned by field
  kEntries,  // a map, owned by key
  kSet,      // a list of scalars, owned by value
  kKeyed,    // a list of structs, owned by keys
};

inline bool is_leaf(Form form) { return form <= Form::kAtomicList; }
inline bool is_object(Form form) {
  return form == Form::kAtomicMap || form == Form::kFields || form == Form::kEntries;
}
inline bool is_list(Form form) { return form != Form::kScalar && !is_object(form); }

/// The form of this place; the value matters only where the type is deduced.
Form form_of(const ApiTable& table, const Place& place, const nlohmann::json& value);

/// Whether struct fields of this place are declared, and the place of one (kOpaque if not).
struct Member {
  Place place;
  bool declared = false;
};
Member member_of(const ApiTable& table, const Place& place, std::string_view key);
/// The elements of a list or the values of a map.
Place element_of(const ApiTable& table, const Place& place);
/// Whether objects here may have members that are not declared (maps, deduced types).
bool allows_any_member(const Place& place);

/// Whether Go writes the field as null when it is not set: times that are not behind a pointer.
/// Who writes a struct with such a field owns it, set or not.
bool writes_null(const FieldRow& field);

/// The path element of a list's element, e.g. `k:{"name":"a"}`. `why` says what is wrong when it is
/// empty, in upstream's words.
struct ListElement {
  std::string element;
  std::string why;
};
ListElement list_element(const ApiTable& table, const Place& list, const nlohmann::json& value);

/// The elements of a list that is a set or has keys. Those that no path element fits are left out.
struct NamedElement {
  std::string element;
  const nlohmann::json* value;
};
std::vector<NamedElement> named_elements(const ApiTable& table, const Place& list,
                                         const nlohmann::json& value);

}  // namespace orrery::api::managed
