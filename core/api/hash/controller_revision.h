// ControllerRevisions of StatefulSets and DaemonSets: the data they hold and how they are named.
// A StatefulSet's hash is controller_revision_hash(data), a DaemonSet's is
// pod_template_hash(template); both are labels of the revision, besides the template's own.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::api {

/// The label with the hash on a StatefulSet's ControllerRevision.
inline constexpr std::string_view kStatefulSetRevisionHashLabel = "controller.kubernetes.io/hash";
/// The same on a DaemonSet's; also a label of its pods, and of a StatefulSet's pods (with the
/// name).
inline constexpr std::string_view kDaemonSetRevisionHashLabel = "controller-revision-hash";

/// getPatch of both controllers: the patch {"spec":{"template":{"$patch":"replace",...}}} of a
/// workload (as stored, defaulted), byte for byte as Go's JSON encoder writes it.
std::string controller_revision_data(const nlohmann::json& workload);

/// history.HashControllerRevision: FNV-1 (32 bit) of the data and the collision count in decimal.
/// The StatefulSet controller always passes a count, 0 at first.
std::string controller_revision_hash(std::string_view data,
                                     std::optional<std::int32_t> collision_count);

/// history.ControllerRevisionName: "prefix-hash", the prefix cut to 223 bytes.
std::string controller_revision_name(std::string_view prefix, std::string_view hash);

}  // namespace orrery::api
