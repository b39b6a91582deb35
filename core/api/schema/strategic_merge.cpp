// Strategic merge patch. The rules, with upstream's names: a map is merged member by member, null
// deletes; a list is replaced, or merged by its merge key where its patchStrategy is merge;
// elements that the patch adds come where the patch's order (or $setElementOrder) puts them, before
// elements that only the server has unless the server's own order says otherwise.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/schema/go_print.h"
#include "core/api/schema/list_order.h"
#include "core/api/schema/patch.h"

namespace orrery::api {
namespace {

using nlohmann::json;

constexpr const char* kPatch = "$patch";
constexpr const char* kRetainKeys = "$retainKeys";
constexpr std::string_view kSetElementOrder = "$setElementOrder";
constexpr std::string_view kDeleteFromPrimitiveList = "$deleteFromPrimitiveList";

/// Upstream answers these with 500 and no reason.
Status server_error(std::string message) { return Status(Reason::kUnknown, std::move(message)); }

Status unknown_patch_type(const json& map) {
  return server_error(
      fmt::format("unknown patch type: {} in map: {}", go_print(map[kPatch]), go_print(map)));
}

Status bad_argument(const char* expected, const json& value) {
  return server_error(fmt::format("expected a {}, but received a {}", expected, go_type_of(value)));
}

bool has_prefix(std::string_view key, std::string_view prefix) { return key.starts_with(prefix); }

/// "$setElementOrder/containers" -> "containers"; empty if there is no name.
std::string name_after(std::string_view key, std::string_view prefix) {
  if (key.size() < prefix.size() + 1 || key[prefix.size()] != '/') return {};
  return std::string(key.substr(prefix.size() + 1));
}

/// Nulls say "delete"; where there is nothing to delete they go.
void discard_nulls(json& value) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      it = it->is_null() ? value.erase(it) : std::next(it);
    }
  }
  if (value.is_structured()) {
    for (json& child : value) discard_nulls(child);
  }
}

/// Removes every map that is a directive; false if `value` itself is one.
bool keep_without_directives(json& value) {
  if (value.is_object()) {
    if (value.contains(kPatch)) return false;
    for (auto it = value.begin(); it != value.end();) {
      it = keep_without_directives(*it) ? std::next(it) : value.erase(it);
    }
  } else if (value.is_array()) {
    json kept = json::array();
    for (json& child : value) {
      if (keep_without_directives(child)) kept.push_back(std::move(child));
    }
    value = std::move(kept);
  }
  return true;
}

/// What the table says of one member: its type and how patches treat it.
struct Member {
  TypeUse use;  // kOpaque: not known to the table
  bool merges = false;
  bool replaces = false;
  std::string merge_key;
};

class StrategicMerger {
 public:
  explicit StrategicMerger(const ApiTable& table) : table_(table) {}

  /// `patch` is used up.
  Result<json> merge_map(json original, json patch, TypeUse use);

 private:
  Member member(TypeUse use, const std::string& name) const;
  Status apply_retain_keys(json& original, json& patch) const;
  Status apply_element_orders(json& original, json& patch, TypeUse use);
  Status apply_element_order(json& original, json& patch, TypeUse use, const std::string& name,
                             const json& order);
  Status merge_member(json& original, const std::string& key, json value, TypeUse use);
  Result<json> merge_list(json original, json patch, const Member& member, bool is_delete_list);
  Result<json> merge_maps_by_key(json& original, json& patch, const Member& member);
  Status take_special_elements(json& original, json& patch, const std::string& merge_key) const;

  const ApiTable& table_;
};

Member StrategicMerger::member(TypeUse use, const std::string& name) const {
  Member found;
  if (use.shape == Shape::kMap) {
    found.use = table_.element(use);
  } else if (use.shape == Shape::kStruct) {
    if (const FieldRow* field = table_.find_field(use.index, name)) {
      found = {field->use, field->merges, field->replaces, std::string(field->merge_key)};
    }
  }
  return found;
}

Result<json> StrategicMerger::merge_map(json original, json patch, TypeUse use) {
  if (const auto directive = patch.find(kPatch); directive != patch.end()) {
    if (*directive == "replace") {
      patch.erase(kPatch);
      return patch;
    }
    if (*directive == "delete") return json::object();
    return unknown_patch_type(patch);
  }
  if (!original.is_object()) original = json::object();
  RETURN_IF_ERROR(apply_retain_keys(original, patch));
  RETURN_IF_ERROR(apply_element_orders(original, patch, use));
  for (auto it = patch.begin(); it != patch.end(); ++it) {
    RETURN_IF_ERROR(merge_member(original, it.key(), std::move(*it), use));
  }
  return original;
}

Status StrategicMerger::merge_member(json& original, const std::string& key, json value,
                                     TypeUse use) {
  const bool is_delete_list = has_prefix(key, kDeleteFromPrimitiveList);
  const std::string name = is_delete_list ? name_after(key, kDeleteFromPrimitiveList) : key;
  if (name.empty() && is_delete_list) return bad_request("invalid patch format of primitive list");
  if (value.is_null()) {
    original.erase(name);
    return {};
  }
  const auto current = original.find(name);
  const bool same_type = current != original.end() && go_type_of(*current) == go_type_of(value);
  if (!same_type || !value.is_structured()) {
    if (is_delete_list) return {};
    discard_nulls(value);
    if (keep_without_directives(value)) {
      original[name] = std::move(value);
    } else {
      original.erase(name);
    }
    return {};
  }
  const Member to = member(use, name);
  if (value.is_object()) {
    if (to.replaces) {
      *current = std::move(value);
      return {};
    }
    Result<json> merged = merge_map(std::move(*current), std::move(value), to.use);
    if (!merged.ok()) return merged.status();
    original[name] = std::move(*merged);
    return {};
  }
  if (!to.merges && !is_delete_list) {
    *current = std::move(value);
    return {};
  }
  Result<json> merged = merge_list(std::move(*current), std::move(value), to, is_delete_list);
  if (!merged.ok()) return merged.status();
  original[name] = std::move(*merged);
  return {};
}

Status StrategicMerger::apply_retain_keys(json& original, json& patch) const {
  const auto it = patch.find(kRetainKeys);
  if (it == patch.end()) return {};
  const json keys = std::move(*it);
  patch.erase(it);
  const auto wrong = [] { return bad_request("invalid patch format of retainKeys"); };
  if (!keys.is_array()) return wrong();
  const auto retained = [&](const std::string& name) {
    return std::find(keys.begin(), keys.end(), json(name)) != keys.end();
  };
  for (auto member_it = patch.begin(); member_it != patch.end(); ++member_it) {
    const std::string& name = member_it.key();
    if (member_it->is_null() || has_prefix(name, kDeleteFromPrimitiveList) ||
        has_prefix(name, kSetElementOrder)) {
      continue;
    }
    if (!retained(name)) return wrong();
  }
  for (auto member_it = original.begin(); member_it != original.end();) {
    member_it = retained(member_it.key()) ? std::next(member_it) : original.erase(member_it);
  }
  return {};
}

Status StrategicMerger::apply_element_orders(json& original, json& patch, TypeUse use) {
  std::vector<std::string> directives;
  for (auto it = patch.begin(); it != patch.end(); ++it) {
    if (has_prefix(it.key(), kSetElementOrder)) directives.push_back(it.key());
  }
  for (const std::string& directive : directives) {
    const json order = std::move(patch[directive]);
    patch.erase(directive);
    if (!order.is_array()) return bad_argument("[]interface {}", order);
    const std::string name = name_after(directive, kSetElementOrder);
    if (name.empty()) return bad_request("invalid patch format of setElementOrder list");
    RETURN_IF_ERROR(apply_element_order(original, patch, use, name, order));
  }
  return {};
}

Status StrategicMerger::apply_element_order(json& original, json& patch, TypeUse use,
                                            const std::string& name, const json& order) {
  const auto in_original = original.find(name);
  const auto in_patch = patch.find(name);
  const bool found_original = in_original != original.end();
  const bool found_patch = in_patch != patch.end();
  if (found_original && !in_original->is_array())
    return bad_argument("[]interface {}", *in_original);
  if (found_patch && !in_patch->is_array()) return bad_argument("[]interface {}", *in_patch);
  const Member to = member(use, name);
  const json patch_list = found_patch ? *in_patch : json::array();
  RETURN_IF_ERROR(check_element_order(patch_list, order, to.merge_key));
  if (!found_original && !found_patch) return {};
  const json server_order = found_original ? *in_original : json::array();
  json merged;
  if (!found_patch) {
    merged = server_order;
  } else if (!found_original || !to.merges) {
    merged = patch_list;
  } else {
    Result<json> list = merge_list(server_order, patch_list, to, false);
    if (!list.ok()) return list.status();
    merged = std::move(*list);
  }
  Result<json> ordered = order_elements(merged, order, server_order, to.merge_key);
  if (!ordered.ok()) return ordered.status();
  original[name] = std::move(*ordered);
  patch.erase(name);
  return {};
}

Result<json> StrategicMerger::merge_list(json original, json patch, const Member& member,
                                         bool is_delete_list) {
  if (original.empty() && patch.empty()) return original;
  RETURN_IF_ERROR(check_same_element_types(original, patch));
  const bool of_maps = (original.empty() ? patch : original).front().is_object();
  json merged;
  if (!of_maps) {
    if (is_delete_list) return without_elements(original, patch);
    merged = unique_elements(original, patch);
  } else {
    if (member.merge_key.empty()) {
      return server_error("cannot merge lists without merge key for struct");
    }
    Result<json> by_key = merge_maps_by_key(original, patch, member);
    if (!by_key.ok()) return by_key;
    merged = std::move(*by_key);
  }
  return order_elements(merged, patch, original, of_maps ? member.merge_key : std::string{});
}

Result<json> StrategicMerger::merge_maps_by_key(json& original, json& patch, const Member& member) {
  RETURN_IF_ERROR(take_special_elements(original, patch, member.merge_key));
  json merged = original;
  const TypeUse element = member.use.shape == Shape::kList ? table_.element(member.use) : TypeUse{};
  for (json& item : patch) {
    const auto key = item.find(member.merge_key);
    if (key == item.end()) return no_merge_key(item, member.merge_key);
    if (json* found = find_by_key(merged, member.merge_key, *key)) {
      Result<json> one = merge_map(std::move(*found), item, element);
      if (!one.ok()) return one;
      *found = std::move(*one);
    } else {
      json added = item;
      discard_nulls(added);
      if (keep_without_directives(added)) merged.push_back(std::move(added));
    }
  }
  return merged;
}

/// Takes the elements with $patch out of the patch: "delete" removes from `original`, "replace"
/// leaves only what the patch has.
Status StrategicMerger::take_special_elements(json& original, json& patch,
                                              const std::string& merge_key) const {
  json plain = json::array();
  bool replace = false;
  for (json& item : patch) {
    const auto directive = item.find(kPatch);
    if (directive == item.end()) {
      plain.push_back(std::move(item));
    } else if (*directive == "delete") {
      const auto key = item.find(merge_key);
      if (key == item.end()) return no_merge_key(item, merge_key);
      json kept = json::array();
      for (json& element : original) {
        const auto own = element.find(merge_key);
        if (own == element.end() || *own != *key) kept.push_back(std::move(element));
      }
      original = std::move(kept);
    } else if (*directive == "replace") {
      replace = true;
    } else if (*directive == "merge") {
      return server_error("merging lists cannot yet be specified in the patch");
    } else {
      return unknown_patch_type(item);
    }
  }
  if (replace) {
    original = std::move(plain);
    plain = json::array();
  }
  patch = std::move(plain);
  return {};
}

}  // namespace

Result<json> apply_strategic_merge_patch(const ApiTable& table, std::size_t type,
                                         const json& document, const json& patch) {
  if (patch.is_null()) return document;
  if (!patch.is_object()) return bad_argument("map[string]interface {}", patch);
  StrategicMerger merger(table);
  return merger.merge_map(document, patch, {Shape::kStruct, static_cast<std::uint16_t>(type)});
}

}  // namespace orrery::api
