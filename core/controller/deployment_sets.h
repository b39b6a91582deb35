// deployment_sets: which ReplicaSet of a Deployment is which: the new one (its template is the
// Deployment's), the old ones, the one to scale, the ones to clean up. Pure.
#pragma once

#include "core/controller/deployment_size.h"

namespace orrery::controller {

inline constexpr std::string_view kPodTemplateHash = "pod-template-hash";

/// EqualIgnoreHash: equal but for the label pod-template-hash.
bool same_template(const api::PodTemplateSpec& a, const api::PodTemplateSpec& b);
/// Labels with pod-template-hash set.
api::LabelSet with_hash(const api::LabelSet& labels, Symbol hash);
api::Shared<api::LabelSelector> with_hash(const api::Shared<api::LabelSelector>& selector,
                                          Symbol hash);

/// FindNewReplicaSet: of those with the Deployment's template the oldest; null if none. `sets` must
/// be in order of creation.
SetRef find_new_set(const api::Deployment& deployment, const SetList& sets);
/// Highest revision of the sets, 0 if none has one.
std::int64_t max_revision(const SetList& sets);
/// isScalingEvent: spec.replicas is not what an active set was last scaled under.
bool is_scaling_event(const api::Deployment& deployment, const SetList& sets);
/// FindActiveOrLatest: the set to scale when there is no rollout to share with; null if several.
SetRef active_or_latest(const SetRef& new_set, const SetList& old_sets);
/// IsSaturated: the new set is fully there and available.
bool is_saturated(const api::Deployment& deployment, const SetRef& new_set);
/// cleanupDeployment: old sets beyond revisionHistoryLimit that are empty and settled.
SetList sets_to_delete(const api::Deployment& deployment, const SetList& old_sets);

}  // namespace orrery::controller
