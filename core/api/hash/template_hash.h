// The pod-template-hash: what Deployments name their ReplicaSets by and DaemonSets their revisions.
// Controllers call it with the template as stored (defaulted); the answer equals kube's
// ComputeHash.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::api {

/// controller.ComputeHash: FNV-1a (32 bit) over the dump, then safe_encode_string of its decimal
/// form.
std::string pod_template_hash(const nlohmann::json& defaulted_template,
                              std::optional<std::int32_t> collision_count = std::nullopt);

/// dump.ForHash: the Go value v1.PodTemplateSpec printed with all its types, which is what is
/// hashed. metadata.managedFields, which no stored template has, is left out.
std::string pod_template_dump(const nlohmann::json& defaulted_template);

/// rand.SafeEncodeString: each byte as one of 27 letters and digits without vowels.
std::string safe_encode_string(std::string_view text);

}  // namespace orrery::api
