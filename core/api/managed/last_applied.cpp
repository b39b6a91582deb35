#include "core/api/managed/last_applied.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/api/managed/compare.h"
#include "core/api/managed/config_check.h"
#include "core/api/managed/object_fields.h"
#include "core/api/managed/path_element.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

constexpr const char* kAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::size_t kAnnotationsBytesMax = 256 * 1024;  // of all annotations, as in validation

Json* annotations_of(Json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return nullptr;
  const auto it = metadata->find("annotations");
  return it != metadata->end() && it->is_object() ? &*it : nullptr;
}

std::string annotation_of(const Json& object) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return "";
  const auto annotations = metadata->find("annotations");
  if (annotations == metadata->end() || !annotations->is_object()) return "";
  const auto it = annotations->find(kAnnotation);
  return it != annotations->end() && it->is_string() ? it->get<std::string>() : "";
}

std::size_t size_of(const Json& annotations) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : annotations.items()) {
    bytes += key.size();
    if (value.is_string()) bytes += value.get_ref<const std::string&>().size();
  }
  return bytes;
}

}  // namespace

std::optional<FieldSet> last_applied_fields(const Write& write, const Json& live) {
  const std::string text = annotation_of(live);
  if (text.empty()) return std::nullopt;
  const Json applied = Json::parse(text, nullptr, false);
  if (!applied.is_object()) return std::nullopt;
  const auto version = applied.find("apiVersion");
  if (version == applied.end() || *version != write.api_version) return std::nullopt;
  if (!config_error(write.table, write.type, applied).empty()) return std::nullopt;
  if (!config_error(write.table, write.type, live).empty()) return std::nullopt;
  const Comparison now = compare(write.table, write.type, applied, live);
  const FieldSet named = fields_of(write.table, write.type, applied);
  return difference(difference(difference(named, now.modified), now.added), now.removed);
}

void renew_last_applied(const Json& config, Json& object) {
  if (annotation_of(object).empty()) return;
  Json stored = config;
  if (Json* annotations = annotations_of(stored)) annotations->erase(kAnnotation);
  std::string text;
  append_go_json(text, stored);
  text += '\n';
  Json& annotations = *annotations_of(object);
  annotations[kAnnotation] = std::move(text);
  if (size_of(annotations) > kAnnotationsBytesMax) annotations.erase(kAnnotation);
}

}  // namespace orrery::api::managed
