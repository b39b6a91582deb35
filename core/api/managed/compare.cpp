#include "core/api/managed/compare.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/api/managed/added_paths.h"
#include "core/api/managed/path_element.h"
#include "core/api/managed/place.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;
using Object = Json::object_t;

/// What happened at one place and below it.
struct Change {
  bool added = false, modified = false, removed = false;
  Comparison below;
};

void attach(Comparison& out, const std::string& element, Change&& change) {
  out.added.add(element, change.added, std::move(change.below.added));
  out.modified.add(element, change.modified, std::move(change.below.modified));
  out.removed.add(element, change.removed, std::move(change.below.removed));
}

/// The values of a list under one path element, before and after.
struct Pair {
  std::string element;
  std::vector<const Json*> before, after;
};

class Comparer {
 public:
  explicit Comparer(const ApiTable& table) : table_(table) {}

  /// At least one of the two is there.
  Change at(const Place& place, const Json* before, const Json* after) const {
    if (before == nullptr) return came(place, *after);
    if (after == nullptr) return went(place, *before);
    if (*before == *after) return {};
    const Form old_form = form_of(table_, place, *before);
    const Form form = form_of(table_, place, *after);
    // Null takes whatever form the other has.
    if (old_form != form && !before->is_null() && !after->is_null()) {
      return replaced(place, *before, *after);
    }
    const Form common = before->is_null() ? form : old_form;
    Change out;
    if (is_leaf(common) || (is_empty(*before) && is_empty(*after))) {
      out.modified = true;
    } else if (is_object(common)) {
      in_object(place, *before, *after, out.below);
    } else {
      in_list(place, *before, *after, out.below);
    }
    return out;
  }

 private:
  static bool is_empty(const Json& value) { return value.empty() || !value.is_structured(); }

  /// A struct that a built-in kind always has, named or not.
  bool is_implied(const Member& member) const {
    return member.declared && !member.place.field->path.empty() &&
           member.place.use.shape == Shape::kStruct && is_always_there(*member.place.field) &&
           form_of(table_, member.place, nullptr) == Form::kFields;
  }

  Change came(const Place& place, const Json& value) const {
    Change out;
    out.added = true;
    out.below.added = added_paths(table_, place, value);
    return out;
  }

  Change went(const Place& place, const Json& value) const {
    Change out;
    out.removed = true;
    out.below.removed = added_paths(table_, place, value);
    return out;
  }

  /// A deduced type that is another now.
  Change replaced(const Place& place, const Json& before, const Json& after) const {
    Change out;
    out.modified = true;
    out.below.removed = added_paths(table_, place, before);
    out.below.added = added_paths(table_, place, after);
    return out;
  }

  void in_object(const Place& place, const Json& before, const Json& after,
                 Comparison& out) const {
    static const Object kNone;
    const Object& old_map = before.is_object() ? before.get_ref<const Object&>() : kNone;
    const Object& map = after.is_object() ? after.get_ref<const Object&>() : kNone;
    auto i = old_map.begin();
    auto j = map.begin();
    while (i != old_map.end() || j != map.end()) {
      const bool only_old = j == map.end() || (i != old_map.end() && i->first < j->first);
      const bool only_new = !only_old && (i == old_map.end() || j->first < i->first);
      const std::string& key = only_new ? j->first : i->first;
      const Json* left = only_new ? nullptr : &(i++)->second;
      const Json* right = only_old ? nullptr : &(j++)->second;
      if (left != nullptr && right != nullptr && *left == *right) continue;
      const Member member = member_of(table_, place, key);
      if ((only_old || only_new) && member.declared && writes_null(*member.place.field)) {
        const bool was_set = !(left != nullptr ? *left : *right).is_null();
        out.modified.add(field_element(key), was_set, {});
      } else if ((only_old || only_new) && is_implied(member)) {
        FieldSet below = added_to_zero(table_, member.place, only_old ? *left : *right);
        (only_old ? out.removed : out.added).add(field_element(key), false, std::move(below));
      } else {
        attach(out, field_element(key), at(member.place, left, right));
      }
    }
  }

  std::vector<Pair> pairs(const Place& place, const Json& before, const Json& after) const {
    std::vector<Pair> out;
    const auto slot = [&](std::string&& element) -> Pair& {
      const auto it = std::lower_bound(
          out.begin(), out.end(), element,
          [](const Pair& pair, const std::string& name) { return pair.element < name; });
      if (it != out.end() && it->element == element) return *it;
      return *out.insert(it, Pair{std::move(element), {}, {}});
    };
    for (NamedElement& one : named_elements(table_, place, before)) {
      slot(std::move(one.element)).before.push_back(one.value);
    }
    for (NamedElement& one : named_elements(table_, place, after)) {
      slot(std::move(one.element)).after.push_back(one.value);
    }
    return out;
  }

  void in_list(const Place& place, const Json& before, const Json& after, Comparison& out) const {
    const Place element = element_of(table_, place);
    for (const Pair& pair : pairs(place, before, after)) {
      attach(out, pair.element, in_pair(element, pair));
    }
  }

  /// Repeated elements are one value; going from or to them adds or removes that value.
  Change in_pair(const Place& element, const Pair& pair) const {
    const Json* old_value = pair.before.empty() ? nullptr : pair.before.front();
    const Json* value = pair.after.empty() ? nullptr : pair.after.front();
    const bool was_repeated = pair.before.size() > 1;
    const bool is_repeated = pair.after.size() > 1;
    if (!was_repeated && !is_repeated) return at(element, old_value, value);
    Change out;
    if (was_repeated && is_repeated) {
      out.modified = !std::equal(pair.before.begin(), pair.before.end(), pair.after.begin(),
                                 pair.after.end(),
                                 [](const Json* a, const Json* b) { return *a == *b; });
      return out;
    }
    if (was_repeated && value != nullptr) out = at(element, nullptr, value);
    if (is_repeated && old_value != nullptr) out = at(element, old_value, nullptr);
    (was_repeated ? out.removed : out.added) = true;
    return out;
  }

  const ApiTable& table_;
};

}  // namespace

Comparison compare(const ApiTable& table, std::size_t type, const Json& before,
                   const Json& after) {
  return Comparer(table).at(root_place(type), &before, &after).below;
}

}  // namespace orrery::api::managed
