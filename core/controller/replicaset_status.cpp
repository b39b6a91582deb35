#include "core/controller/replicaset_status.h"

#include "core/controller/pod_cache.h"

namespace orrery::controller {

PodTally& PodTally::operator+=(const PodTally& o) {
  active += o.active;
  fully_labeled += o.fully_labeled;
  ready += o.ready;
  terminating += o.terminating;
  unclaimed += o.unclaimed;
  return *this;
}

PodTally& PodTally::operator-=(const PodTally& o) {
  active -= o.active;
  fully_labeled -= o.fully_labeled;
  ready -= o.ready;
  terminating -= o.terminating;
  unclaimed -= o.unclaimed;
  return *this;
}

PodTally tally_of(const api::Pod& pod, bool selected, bool labeled) {
  PodTally out;
  if (is_active(pod)) {
    if (!selected) {
      out.unclaimed = 1;
    } else {
      out.active = 1;
      out.fully_labeled = labeled ? 1 : 0;
      out.ready = api::is_ready(pod) ? 1 : 0;
    }
  } else if (selected && is_terminating(pod)) {
    out.terminating = 1;
  }
  return out;
}

api::ReplicaSetStatus replicaset_status(const api::ReplicaSet& rs, std::int64_t generation_seen,
                                        const ReplicaSetCounts& counts,
                                        const ManageOutcome& outcome, Time now) {
  static const Symbol kFailure("ReplicaFailure"), kTrue("True");
  static const Symbol kFailedCreate("FailedCreate"), kFailedDelete("FailedDelete");
  api::ReplicaSetStatus status = rs.status;
  status.replicas = counts.pods.active;
  status.fully_labeled_replicas = counts.pods.fully_labeled;
  status.ready_replicas = counts.pods.ready;
  status.available_replicas = counts.available;
  status.terminating_replicas = counts.pods.terminating;
  status.observed_generation = generation_seen;
  const bool failed_before = api::find_condition(status.conditions, "ReplicaFailure") != nullptr;
  if (!outcome.error.ok() && !failed_before) {
    api::WorkloadCondition condition;
    condition.type = kFailure;
    condition.status = kTrue;
    condition.reason = outcome.difference < 0 ? kFailedCreate : kFailedDelete;
    condition.message = outcome.error.message();
    condition.last_transition_time = truncate_to_second(now);
    status.conditions.edit().push_back(std::move(condition));
  } else if (outcome.error.ok() && failed_before) {
    std::vector<api::WorkloadCondition> kept;
    for (const api::WorkloadCondition& c : status.conditions) {
      if (c.type != kFailure) kept.push_back(c);
    }
    status.conditions = api::List<api::WorkloadCondition>(std::move(kept));
  }
  return status;
}

}  // namespace orrery::controller
