#include <nlohmann/json.hpp>

#include "core/api/schema/patch.h"

namespace orrery::api {

using nlohmann::json;

json apply_merge_patch(json document, const json& patch) {
  if (!patch.is_object()) return patch;
  if (!document.is_object()) document = json::object();
  for (auto it = patch.begin(); it != patch.end(); ++it) {
    if (it->is_null()) {
      document.erase(it.key());
    } else {
      json& member = document[it.key()];
      member = apply_merge_patch(std::move(member), *it);
    }
  }
  return document;
}

json json_merge_diff(const json& original, const json& modified) {
  if (!original.is_object() || !modified.is_object()) return modified;
  json patch = json::object();
  for (auto it = original.begin(); it != original.end(); ++it) {
    if (!modified.contains(it.key())) patch[it.key()] = nullptr;
  }
  for (auto it = modified.begin(); it != modified.end(); ++it) {
    const auto before = original.find(it.key());
    if (before == original.end()) {
      patch[it.key()] = *it;
    } else if (*before != *it) {
      patch[it.key()] = json_merge_diff(*before, *it);
    }
  }
  return patch;
}

}  // namespace orrery::api
