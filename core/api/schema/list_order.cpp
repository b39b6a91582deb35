#include "core/api/schema/list_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/api/schema/go_print.h"

namespace orrery::api {
namespace {

using nlohmann::json;

Status server_error(std::string message) { return Status(Reason::kUnknown, std::move(message)); }

/// What tells elements apart: the merge key's value, or the element itself. Null if there is no
/// such key.
const json* identity(const json& element, const std::string& merge_key) {
  if (merge_key.empty()) return &element;
  if (!element.is_object()) return nullptr;
  const auto it = element.find(merge_key);
  return it == element.end() ? nullptr : &*it;
}

/// Index of the element with this identity, -1 if there is none.
long index_of(const json& list, const json& id, const std::string& merge_key) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json* own = identity(list[i], merge_key);
    if (own != nullptr && *own == id) return static_cast<long>(i);
  }
  return -1;
}

struct Item {
  const json* element;
  long wanted;  // index in the wanted order, -1
  long server;  // index in the server's order, -1
};

}  // namespace

json* find_by_key(json& list, const std::string& key, const json& value) {
  const long at = index_of(list, value, key);
  return at < 0 ? nullptr : &list[static_cast<std::size_t>(at)];
}

Status no_merge_key(const json& map, const std::string& key) {
  return server_error(
      fmt::format("map: {} does not contain declared merge key: {}", go_print(map), key));
}

Status check_same_element_types(const json& a, const json& b) {
  std::string type;
  for (const json* list : {&a, &b}) {
    for (const json& element : *list) {
      if (element.is_array()) return server_error("lists of lists are not supported");
      const std::string own = go_type_of(element);
      if (type.empty()) type = own;
      if (own != type) {
        return server_error(
            fmt::format("list element types are not identical: [{} {}]", go_print(a), go_print(b)));
      }
    }
  }
  return {};
}

Status check_element_order(const json& patch, const json& order, const std::string& merge_key) {
  if (patch.empty() || order.empty()) return {};
  std::size_t in_order = 0;
  for (const json& element : patch) {
    if (!merge_key.empty() && element.is_object() && element.contains("$patch")) continue;
    const json* id = identity(element, merge_key);
    if (id == nullptr) return no_merge_key(element, merge_key);
    bool found = false;
    while (!found && in_order < order.size()) {
      const json* ordered = identity(order[in_order++], merge_key);
      if (ordered == nullptr) return no_merge_key(order[in_order - 1], merge_key);
      found = *ordered == *id;
    }
    if (!found) {
      return server_error(
          fmt::format("The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n",
                      go_print(patch), go_print(order)));
    }
  }
  return {};
}

json unique_elements(const json& a, const json& b) {
  json out = json::array();
  for (const json* list : {&a, &b}) {
    for (const json& element : *list) {
      if (std::find(out.begin(), out.end(), element) == out.end()) out.push_back(element);
    }
  }
  return out;
}

json without_elements(const json& list, const json& removed) {
  json out = json::array();
  for (const json& element : list) {
    if (std::find(removed.begin(), removed.end(), element) == removed.end()) out.push_back(element);
  }
  return out;
}

Result<json> order_elements(const json& merged, const json& wanted, const json& server,
                            const std::string& merge_key) {
  std::vector<Item> named, others;
  for (const json& element : merged) {
    const json* id = identity(element, merge_key);
    if (id == nullptr) return no_merge_key(element, merge_key);
    const Item item{&element, index_of(wanted, *id, merge_key), index_of(server, *id, merge_key)};
    (item.wanted >= 0 ? named : others).push_back(item);
  }
  std::stable_sort(named.begin(), named.end(),
                   [](const Item& a, const Item& b) { return a.wanted < b.wanted; });
  std::stable_sort(others.begin(), others.end(),
                   [](const Item& a, const Item& b) { return a.server < b.server; });
  json out = json::array();
  std::size_t i = 0, j = 0;
  while (i < others.size() || j < named.size()) {
    bool take_other = j == named.size();
    if (i < others.size() && j < named.size()) {
      const long other = others[i].server, own = named[j].server;
      take_other = other >= 0 && own >= 0 && other < own;
    }
    out.push_back(take_other ? *others[i++].element : *named[j++].element);
  }
  return out;
}

}  // namespace orrery::api
