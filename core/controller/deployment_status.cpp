#include "core/controller/deployment_status.h"

#include <algorithm>
#include <limits>

namespace orrery::controller {
namespace {

constexpr std::string_view kProgressing = "Progressing";
constexpr std::string_view kAvailable = "Available";
constexpr std::string_view kReplicaFailure = "ReplicaFailure";

bool is_progressing(const api::DeploymentStatus& old, const api::DeploymentStatus& now) {
  return now.updated_replicas > old.updated_replicas ||
         now.replicas - now.updated_replicas < old.replicas - old.updated_replicas ||
         now.ready_replicas > old.ready_replicas || now.available_replicas > old.available_replicas;
}

bool has_timed_out(const api::Deployment& d, const api::DeploymentStatus& status, Time now) {
  const api::WorkloadCondition* condition = api::find_condition(status.conditions, kProgressing);
  if (!condition || condition->reason == "NewReplicaSetAvailable") return false;
  if (condition->reason == "ProgressDeadlineExceeded") return true;
  const auto deadline = std::chrono::seconds(d.spec.progress_deadline_seconds.value_or(0));
  return condition->last_update_time + deadline < now;
}

std::optional<api::WorkloadCondition> replica_failure(const SetList& all, const SetRef& new_set) {
  const auto of = [](const api::ReplicaSet& set) -> std::optional<api::WorkloadCondition> {
    const api::WorkloadCondition* found =
        api::find_condition(set.status.conditions, kReplicaFailure);
    if (!found) return std::nullopt;
    api::WorkloadCondition out = *found;
    out.last_update_time = found->last_transition_time;
    return out;
  };
  if (new_set) {
    if (auto found = of(*new_set)) return found;
  }
  for (const SetRef& set : all) {
    if (auto found = of(*set)) return found;
  }
  return std::nullopt;
}

void note_progress(const api::Deployment& d, const SetRef& new_set, api::DeploymentStatus& status,
                   Time now) {
  const api::WorkloadCondition* current = api::find_condition(d.status.conditions, kProgressing);
  const std::string subject = new_set ? "ReplicaSet \"" + new_set->meta.name.str() + "\""
                                      : "Deployment \"" + d.meta.name.str() + "\"";
  if (is_complete(d, status)) {
    set_condition(status, deployment_condition(kProgressing, "True", "NewReplicaSetAvailable",
                                               subject + " has successfully progressed.", now));
  } else if (is_progressing(d.status, status)) {
    api::WorkloadCondition fresh = deployment_condition(kProgressing, "True", "ReplicaSetUpdated",
                                                        subject + " is progressing.", now);
    if (current) {
      if (current->status == "True") fresh.last_transition_time = current->last_transition_time;
      remove_condition(status, kProgressing);
    }
    set_condition(status, std::move(fresh));
  } else if (has_timed_out(d, status, now)) {
    set_condition(status, deployment_condition(kProgressing, "False", "ProgressDeadlineExceeded",
                                               subject + " has timed out progressing.", now));
  }
}

}  // namespace

bool has_progress_deadline(const api::Deployment& d) {
  return d.spec.progress_deadline_seconds &&
         *d.spec.progress_deadline_seconds != std::numeric_limits<std::int32_t>::max();
}

api::WorkloadCondition deployment_condition(std::string_view type, std::string_view status,
                                            std::string_view reason, std::string message,
                                            Time now) {
  api::WorkloadCondition out;
  out.type = Symbol(type);
  out.status = Symbol(status);
  out.reason = Symbol(reason);
  out.message = Text(std::move(message));
  out.last_update_time = out.last_transition_time = truncate_to_second(now);
  return out;
}

void set_condition(api::DeploymentStatus& status, api::WorkloadCondition condition) {
  const api::WorkloadCondition* current =
      api::find_condition(status.conditions, condition.type.view());
  if (current && current->status == condition.status) {
    if (current->reason == condition.reason) return;
    condition.last_transition_time = current->last_transition_time;
  }
  if (current) remove_condition(status, condition.type.view());
  status.conditions.edit().push_back(std::move(condition));
}

void remove_condition(api::DeploymentStatus& status, std::string_view type) {
  if (!api::find_condition(status.conditions, type)) return;
  std::vector<api::WorkloadCondition> kept;
  for (const api::WorkloadCondition& c : status.conditions) {
    if (!(c.type == type)) kept.push_back(c);
  }
  status.conditions = api::List<api::WorkloadCondition>(std::move(kept));
}

bool note_pause(api::Deployment& d, Time now) {
  if (!has_progress_deadline(d)) return false;
  const api::WorkloadCondition* current = api::find_condition(d.status.conditions, kProgressing);
  if (current && current->reason == "ProgressDeadlineExceeded") return false;
  const bool noted = current && current->reason == "DeploymentPaused";
  if (d.spec.paused == noted) return false;
  set_condition(d.status,
                d.spec.paused
                    ? deployment_condition(kProgressing, "Unknown", "DeploymentPaused",
                                           "Deployment is paused", now)
                    : deployment_condition(kProgressing, "Unknown", "DeploymentResumed",
                                           "Deployment is resumed", now));
  return true;
}

api::DeploymentStatus deployment_status(const api::Deployment& d, const SetList& all,
                                        const SetRef& new_set, Time now) {
  api::DeploymentStatus out = d.status;
  out.observed_generation = d.meta.generation;
  out.replicas = 0;
  out.ready_replicas = 0;
  out.terminating_replicas = 0;
  for (const SetRef& set : all) {
    out.replicas += set->status.replicas;
    out.ready_replicas += set->status.ready_replicas;
    // Unknown while any set has not reported it.
    if (!set->status.terminating_replicas) {
      out.terminating_replicas.reset();
    } else if (out.terminating_replicas) {
      *out.terminating_replicas += *set->status.terminating_replicas;
    }
  }
  out.updated_replicas = new_set ? new_set->status.replicas : 0;
  out.available_replicas = total_available(all);
  out.unavailable_replicas = std::max(total_replicas(all) - out.available_replicas, 0);
  if (out.available_replicas >= replicas_of(d) - max_unavailable(d)) {
    set_condition(out, deployment_condition(kAvailable, "True", "MinimumReplicasAvailable",
                                            "Deployment has minimum availability.", now));
  } else {
    set_condition(out, deployment_condition(kAvailable, "False", "MinimumReplicasUnavailable",
                                            "Deployment does not have minimum availability.", now));
  }
  return out;
}

api::DeploymentStatus rollout_status(const api::Deployment& d, const SetList& all,
                                     const SetRef& new_set, Time now) {
  api::DeploymentStatus out = deployment_status(d, all, new_set, now);
  if (!has_progress_deadline(d)) remove_condition(out, kProgressing);
  const api::WorkloadCondition* current = api::find_condition(d.status.conditions, kProgressing);
  const bool was_complete = out.replicas == out.updated_replicas && current &&
                            current->reason == "NewReplicaSetAvailable";
  if (has_progress_deadline(d) && !was_complete) note_progress(d, new_set, out, now);
  if (std::optional<api::WorkloadCondition> failure = replica_failure(all, new_set)) {
    set_condition(out, std::move(*failure));
  } else {
    remove_condition(out, kReplicaFailure);
  }
  return out;
}

bool is_complete(const api::Deployment& d, const api::DeploymentStatus& status) {
  return status.updated_replicas == replicas_of(d) && status.replicas == replicas_of(d) &&
         status.available_replicas == replicas_of(d) &&
         status.observed_generation >= d.meta.generation;
}

std::optional<Duration> recheck_progress_after(const api::Deployment& d, Time now) {
  const api::WorkloadCondition* current = api::find_condition(d.status.conditions, kProgressing);
  if (!has_progress_deadline(d) || !current || is_complete(d, d.status) ||
      current->reason == "ProgressDeadlineExceeded") {
    return std::nullopt;
  }
  const Time deadline = current->last_update_time +
                        std::chrono::seconds(*d.spec.progress_deadline_seconds);
  // One second late, as upstream, so that the deadline has surely passed.
  return std::max<Duration>(deadline - now, Duration{0}) + 1s;
}

}  // namespace orrery::controller
