#include "core/api/managed/merge.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/api/managed/added_paths.h"
#include "core/api/managed/place.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

class Merger {
 public:
  explicit Merger(const ApiTable& table) : table_(table) {}

  Json at(const Place& place, const Json& live, const Json& config) const {
    const Form form = form_of(table_, place, config.is_null() ? live : config);
    const bool both_empty = is_empty(live) && is_empty(config);
    if (is_leaf(form) || both_empty) return config;
    if (is_object(form)) return object(place, live, config);
    return list(place, live, config);
  }

 private:
  static bool is_empty(const Json& value) { return !value.is_structured() || value.empty(); }

  Json object(const Place& place, const Json& live, const Json& config) const {
    if (!live.is_object()) return config;
    Json out = live;
    if (!config.is_object()) return out;
    for (const auto& [key, value] : config.items()) {
      const auto it = out.find(key);
      if (it == out.end()) {
        out[key] = value;
      } else {
        *it = at(member_of(table_, place, key).place, *it, value);
      }
    }
    return out;
  }

  Json list(const Place& place, const Json& live, const Json& config) const {
    if (!live.is_array()) return config;
    if (!config.is_array()) return live;
    const Place element = element_of(table_, place);
    return ListMerge{*this, element, named_elements(table_, place, live),
                     named_elements(table_, place, config)}
        .merged();
  }

  /// Walks both lists at once. Elements that only one side has keep their place among their
  /// neighbours; shared ones stand in the configuration's order.
  struct ListMerge {
    const Merger& merger;
    const Place& element;
    std::vector<NamedElement> live, config;
    std::size_t next_live = 0, next_config = 0;
    std::vector<std::string> shared{};  // still to come, in the configuration's order
    std::set<std::string_view> taken{};
    Json out = Json::array();

    static const NamedElement* find(const std::vector<NamedElement>& in, const std::string& name) {
      const auto it = std::find_if(in.begin(), in.end(), [&](const NamedElement& one) {
        return one.element == name;
      });
      return it == in.end() ? nullptr : &*it;
    }

    Json merged() {
      for (const NamedElement& one : config) {
        if (find(live, one.element) != nullptr) shared.push_back(one.element);
      }
      while (next_live < live.size() || next_config < config.size()) step();
      return std::move(out);
    }

    void step() {
      const NamedElement* left = next_live < live.size() ? &live[next_live] : nullptr;
      const NamedElement* right = next_config < config.size() ? &config[next_config] : nullptr;
      if (left != nullptr && right != nullptr) {
        if (left->element == right->element) {
          ++next_live;
          take(*right);
          return;
        }
        const bool is_shared = find(config, left->element) != nullptr;
        if (is_shared && !shared.empty() && shared.front() != left->element) {
          ++next_live;  // its turn comes with the configuration's element
          return;
        }
      }
      if (left != nullptr) {
        if (find(config, left->element) == nullptr) {
          out.push_back(*left->value);
          ++next_live;
          return;
        }
        if (taken.contains(left->element)) ++next_live;
      }
      if (right != nullptr) take(*right);
    }

    void take(const NamedElement& one) {
      taken.insert(one.element);
      ++next_config;
      if (!shared.empty() && shared.front() == one.element) shared.erase(shared.begin());
      const NamedElement* old = find(live, one.element);
      const auto count = std::count_if(live.begin(), live.end(), [&](const NamedElement& other) {
        return other.element == one.element;
      });
      // What stood more than once is replaced, not merged.
      const bool merges = old != nullptr && count == 1;
      out.push_back(merges ? merger.at(element, *old->value, *one.value) : *one.value);
    }
  };

  const ApiTable& table_;
};

class Remover {
 public:
  explicit Remover(const ApiTable& table) : table_(table) {}

  Json at(const Place& place, const Json& value, const FieldSet& items) const {
    const Form form = form_of(table_, place, value);
    if (form == Form::kScalar) return value;
    if (is_leaf(form) || !value.is_structured() || value.empty()) return nullptr;
    return is_object(form) ? object(place, value, items) : list(place, value, items);
  }

 private:
  Json object(const Place& place, const Json& value, const FieldSet& items) const {
    Json out = Json::object();
    for (const auto& [key, child] : value.items()) {
      const FieldSet::Node* node = items.find("f:" + key);
      if (node != nullptr && node->member) continue;
      out[key] = node == nullptr ? child
                                 : at(member_of(table_, place, key).place, child, node->children);
    }
    return out.empty() ? Json() : out;
  }

  Json list(const Place& place, const Json& value, const FieldSet& items) const {
    Json out = Json::array();
    const Place element = element_of(table_, place);
    for (const Json& child : value) {
      const FieldSet::Node* node = items.find(list_element(table_, place, child).element);
      if (node != nullptr && node->member) continue;
      out.push_back(node == nullptr ? child : at(element, child, node->children));
    }
    return out.empty() ? Json() : out;
  }

  const ApiTable& table_;
};

FieldSet with_named_fields(const ApiTable& table, const Place& place, const FieldSet& set) {
  FieldSet out;
  out.reserve(set.nodes().size());
  for (const FieldSet::Node& node : set.nodes()) {
    bool is_member = node.member;
    Place below;
    if (node.element.starts_with("f:")) {
      const Member member = member_of(table, place, std::string_view(node.element).substr(2));
      below = member.place;
      if (member.declared && !node.children.empty()) is_member = true;
    } else if (node.element.starts_with("k:")) {
      below = element_of(table, place);
    }
    out.add(node.element, is_member, with_named_fields(table, below, node.children));
  }
  return out;
}

}  // namespace

Json merge_config(const ApiTable& table, std::size_t type, const Json& live, const Json& config) {
  return Merger(table).at(root_place(type), live, config);
}

Json without_items(const ApiTable& table, std::size_t type, const Json& object,
                   const FieldSet& items) {
  return Remover(table).at(root_place(type), object, items);
}

FieldSet with_named_fields(const ApiTable& table, std::size_t type, const FieldSet& set) {
  return with_named_fields(table, root_place(type), set);
}

}  // namespace orrery::api::managed
