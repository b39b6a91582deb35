// deployment_status: what a Deployment reports: counts over its sets and the conditions Available,
// Progressing and ReplicaFailure with upstream's reasons and messages. Pure.
#pragma once

#include "core/controller/deployment_size.h"

namespace orrery::controller {

/// False without spec.progressDeadlineSeconds, or with the largest number there is.
bool has_progress_deadline(const api::Deployment& deployment);

/// A condition made now.
api::WorkloadCondition deployment_condition(std::string_view type, std::string_view status,
                                            std::string_view reason, std::string message, Time now);
/// SetDeploymentCondition: nothing if status and reason are there already; otherwise it moves to
/// the end, and keeps its transition time if only the reason changed.
void set_condition(api::DeploymentStatus& status, api::WorkloadCondition condition);
void remove_condition(api::DeploymentStatus& status, std::string_view type);

/// checkPausedConditions: notes DeploymentPaused or DeploymentResumed. True if the status changed.
bool note_pause(api::Deployment& deployment, Time now);

/// calculateStatus: counts and Available. `new_set` may be null.
api::DeploymentStatus deployment_status(const api::Deployment& deployment, const SetList& all,
                                        const SetRef& new_set, Time now);
/// syncRolloutStatus: deployment_status() and how the rollout gets on.
api::DeploymentStatus rollout_status(const api::Deployment& deployment, const SetList& all,
                                     const SetRef& new_set, Time now);

/// DeploymentComplete: all pods are new, available, and the newest spec was seen.
bool is_complete(const api::Deployment& deployment, const api::DeploymentStatus& status);
/// requeueStuckDeployment: when to look again whether the deadline has passed; none if it never
/// will.
std::optional<Duration> recheck_progress_after(const api::Deployment& deployment, Time now);

}  // namespace orrery::controller
