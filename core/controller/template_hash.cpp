#include "core/controller/template_hash.h"

#include <nlohmann/json.hpp>

#include "core/api/hash/template_hash.h"
#include "core/api/object_codec.h"

namespace orrery::controller {

std::string template_hash(const api::PodTemplateSpec& pod_template,
                          std::optional<std::int32_t> collision_count) {
  return api::pod_template_hash(api::encode_template(pod_template), collision_count);
}

}  // namespace orrery::controller
