// template_hash: the pod-template-hash of a template, as upstream computes it (ComputeHash), so
// that ReplicaSets bear the names that a real cluster gives them.
#pragma once

#include <optional>
#include <string>

#include "core/api/pod_spec.h"

namespace orrery::controller {

std::string template_hash(const api::PodTemplateSpec& pod_template,
                          std::optional<std::int32_t> collision_count);

}  // namespace orrery::controller
