// statefulset_plan: what a StatefulSet does next, from its pods and revisions: which ordinals to
// create, which pods to delete, and the status. Pure; StatefulSetController does the writes
// (upstream: stateful_set_control.go).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/api/apps.h"
#include "core/api/pod.h"

namespace orrery::controller {

/// getParentNameAndOrdinal: the number behind the last dash, if the rest is the set's name.
std::optional<std::int32_t> ordinal_of(const api::StatefulSet& set, const api::Pod& pod);

struct StatefulPlan {
  struct Create {
    std::int32_t ordinal = 0;
    bool updated = false;  // from the update revision, otherwise the current one
  };
  std::vector<Create> create;
  std::vector<Ref<const api::Pod>> remove;
  std::optional<Duration> look_again;  // a pod becomes available then
};
/// `pods`: those of the set. `current`, `update`: names of the revisions.
StatefulPlan plan_stateful(const api::StatefulSet& set,
                           const std::vector<Ref<const api::Pod>>& pods, const Text& current,
                           const Text& update, Time now);
/// Counts and revisions; completes an update when all pods are of the update revision.
api::StatefulSetStatus stateful_status(const api::StatefulSet& set,
                                       const std::vector<Ref<const api::Pod>>& pods,
                                       const Text& current, const Text& update, Time now);

}  // namespace orrery::controller
