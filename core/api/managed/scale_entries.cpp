#include "core/api/managed/scale_entries.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/managed/field_set.h"
#include "core/api/managed/entries.h"
#include "core/api/managed/path_element.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kScaleVersion = "autoscaling/v1";
constexpr std::array<std::string_view, 2> kScaleReplicas{"f:spec", "f:replicas"};

/// A path of field names as elements.
struct FieldPath {
  explicit FieldPath(const std::vector<std::string>& names) {
    for (const std::string& name : names) texts.push_back(field_element(name));
    for (const std::string& text : texts) steps.push_back(text);
  }
  FieldPath(const FieldPath&) = delete;

  std::vector<std::string> texts;
  std::vector<std::string_view> steps;
};

}  // namespace

Json to_scale_managers(const Json& parent_entries, const ReplicasPaths& replicas) {
  Managers out;
  for (Manager& manager : decode_managers(parent_entries).value_or({})) {
    const auto path = replicas.find(manager.api_version);
    if (path == replicas.end() || path->second.empty()) continue;
    if (!manager.fields.has(FieldPath(path->second).steps)) continue;
    manager.fields = {};
    manager.fields.insert(kScaleReplicas);
    manager.api_version = kScaleVersion;
    out.push_back(std::move(manager));
  }
  return encode_managers(std::move(out));
}

Json to_parent_managers(const Json& parent_entries, const Json& scale_entries,
                        std::string_view api_version, const ReplicasPaths& replicas) {
  Managers scale = decode_managers(scale_entries).value_or({});
  Managers out;
  for (Manager& manager : decode_managers(parent_entries).value_or({})) {
    const auto path = replicas.find(manager.api_version);
    if (path == replicas.end()) continue;
    const FieldPath names(path->second);
    if (!path->second.empty() && manager.fields.has(names.steps)) {
      Manager as_scale = manager;
      as_scale.api_version = kScaleVersion;
      Manager* still = find_manager(scale, as_scale);
      if (still == nullptr) {
        manager.fields.erase(names.steps);
      } else {
        std::swap(*still, scale.back());
        scale.pop_back();
      }
    }
    if (!manager.fields.empty()) out.push_back(std::move(manager));
  }
  const auto path = replicas.find(api_version);
  if (path == replicas.end() || path->second.empty()) return encode_managers(std::move(out));
  const FieldPath names(path->second);
  for (Manager& manager : scale) {
    if (!manager.fields.has(kScaleReplicas)) continue;
    manager.fields = {};
    manager.fields.insert(names.steps);
    manager.api_version = api_version;
    manager.time.clear();  // upstream looks for the time under the parent's entry, which has none
    if (find_manager(out, manager) == nullptr) out.push_back(std::move(manager));
  }
  return encode_managers(std::move(out));
}

}  // namespace orrery::api::managed
