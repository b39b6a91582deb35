// deployment_annotations: what a Deployment notes on itself and its ReplicaSets: revision, earlier
// revisions, and the sizes a set was last scaled under. Pure edits of annotation maps.
#pragma once

#include <cstdint>
#include <optional>

#include "core/api/apps.h"

namespace orrery::controller {

inline constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";
inline constexpr std::string_view kRevisionHistory = "deployment.kubernetes.io/revision-history";
inline constexpr std::string_view kDesiredReplicas = "deployment.kubernetes.io/desired-replicas";
inline constexpr std::string_view kMaxReplicas = "deployment.kubernetes.io/max-replicas";

/// The whole number under `key`; none if absent or not a number.
std::optional<std::int64_t> number_annotation(const api::ObjectMeta& meta, std::string_view key);
std::optional<std::int32_t> desired_replicas_annotation(const api::ReplicaSet& set);
std::optional<std::int32_t> max_replicas_annotation(const api::ReplicaSet& set);

/// SetReplicasAnnotations. True if anything changed.
bool set_replicas_annotations(api::ReplicaSet& set, std::int32_t desired, std::int32_t max);

/// SetNewReplicaSetAnnotations: the Deployment's own annotations, `revision` if it is newer (an
/// older one goes into the history: a rollback), and sizes if the set is about to be created. True
/// if changed.
bool set_new_set_annotations(const api::Deployment& deployment, api::ReplicaSet& set,
                             std::int64_t revision, bool exists);

/// SetDeploymentRevision. True if changed.
bool set_deployment_revision(api::Deployment& deployment, std::string_view revision);

}  // namespace orrery::controller
