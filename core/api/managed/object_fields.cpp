#include "core/api/managed/object_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/managed/added_paths.h"
#include "core/api/managed/path_element.h"
#include "core/api/managed/place.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

class Mentioned {
 public:
  explicit Mentioned(const ApiTable& table) : table_(table) {}

  /// Whether the place itself is a member, and what it leads to.
  struct Found {
    bool self = false;
    FieldSet below;
  };

  Found at(const Place& place, const Json& value) const {
    const Form form = form_of(table_, place, value);
    if (is_leaf(form)) return {true, {}};
    if (is_object(form)) return {false, in_object(place, value)};
    return {false, in_list(place, value)};
  }

 private:
  FieldSet in_object(const Place& place, const Json& value) const {
    FieldSet out;
    if (!value.is_object()) return out;
    out.reserve(value.size());
    for (const auto& [key, child] : value.get_ref<const Json::object_t&>()) {
      const Member member = member_of(table_, place, key);
      Found found = at(member.place, child);
      const bool self = found.self || child.is_null() || (child.is_object() && child.empty()) ||
                        !member.declared;
      out.add(field_element(key), self, std::move(found.below));
    }
    return out;
  }

  FieldSet in_list(const Place& place, const Json& value) const {
    FieldSet out;
    const Place element = element_of(table_, place);
    std::vector<NamedElement> elements = named_elements(table_, place, value);
    out.reserve(elements.size());
    const std::vector<std::string> doubles = repeated(elements);
    for (NamedElement& one : elements) {
      const bool is_double = std::binary_search(doubles.begin(), doubles.end(), one.element);
      out.add(std::move(one.element), true,
              is_double ? FieldSet() : at(element, *one.value).below);
    }
    return out;
  }

  const ApiTable& table_;
};

}  // namespace

FieldSet fields_of(const ApiTable& table, std::size_t type, const Json& object) {
  return Mentioned(table).at(root_place(type), object).below;
}

FieldSet created_fields(const ApiTable& table, std::size_t type, const Json& object,
                        bool custom_resource) {
  const Place root = root_place(type);
  return custom_resource ? added_paths(table, root, object) : added_to_zero(table, root, object);
}

}  // namespace orrery::api::managed
