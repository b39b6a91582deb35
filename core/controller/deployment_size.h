// deployment_size: how many pods each ReplicaSet of a Deployment may have: surge and unavailable
// limits, the new set's next size, the old sets' next steps down, and proportional scaling. Pure
// arithmetic on spec and status; DeploymentSync writes what comes out.
#pragma once

#include <vector>

#include "core/api/apps.h"

namespace orrery::controller {

using SetRef = Ref<const api::ReplicaSet>;
using SetList = std::vector<SetRef>;

struct Fenceposts {
  std::int32_t surge = 0;        // pods above `desired`
  std::int32_t unavailable = 0;  // pods that may be missing
  bool operator==(const Fenceposts&) const = default;
};
/// ResolveFenceposts: surge rounds up, unavailable down; both 0 would block, so unavailable becomes
/// 1.
Fenceposts resolve_fenceposts(const std::optional<api::IntOrString>& max_surge,
                              const std::optional<api::IntOrString>& max_unavailable,
                              std::int32_t desired);

std::int32_t replicas_of(const api::Deployment& deployment);
std::int32_t replicas_of(const api::ReplicaSet& set);
bool is_rolling(const api::Deployment& deployment);
/// 0 unless rolling.
std::int32_t max_surge(const api::Deployment& deployment);
/// 0 unless rolling; at most spec.replicas.
std::int32_t max_unavailable(const api::Deployment& deployment);

/// Sums over spec.replicas and status.availableReplicas.
std::int32_t total_replicas(const SetList& sets);
std::int32_t total_available(const SetList& sets);
/// Those with spec.replicas > 0.
SetList active_sets(const SetList& sets);

/// NewRSNewReplicas: the size the new set may have now. `total`: spec.replicas of all sets.
std::int32_t new_set_replicas(const api::Deployment& deployment, std::int32_t total,
                              std::int32_t new_set);

/// One write of spec.replicas.
struct Resize {
  SetRef set;
  std::int32_t size = 0;
};
/// reconcileOldReplicaSets: unhealthy old pods first, then as many as availability allows; oldest
/// sets first. A set may appear twice; steps are in order.
std::vector<Resize> old_set_steps(const api::Deployment& deployment, const SetList& all,
                                  const SetList& old_active, const SetRef& new_set);

/// GetReplicaSetProportion: this set's share of `to_add` pods of which `added` are given out.
/// `before`: its deployment.kubernetes.io/max-replicas (or the Deployment's status.replicas).
std::int32_t proportion(const api::Deployment& deployment, std::int32_t set_replicas,
                        std::int32_t before, std::int32_t to_add, std::int32_t added);
/// The proportional part of scale(): sizes of all active sets when a rollout is under way; what
/// rounding leaves goes to the largest.
std::vector<Resize> proportional_sizes(const api::Deployment& deployment, const SetList& active);

}  // namespace orrery::controller
