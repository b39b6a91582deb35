// replicaset_status: the counts of a ReplicaSet's pods, kept up pod by pod, and the status they
// make. Pure; ReplicaSetController adds and takes away what each pod event changes.
#pragma once

#include "core/api/apps.h"
#include "core/api/pod.h"
#include "core/base/status.h"

namespace orrery::controller {

/// What some pods count for. One pod's tally is 0 or 1 in each field.
struct PodTally {
  std::int32_t active = 0;         // claimed: neither finished nor being deleted
  std::int32_t fully_labeled = 0;  // of these, with all labels of the template
  std::int32_t ready = 0;
  std::int32_t terminating = 0;
  std::int32_t unclaimed = 0;  // owned and active, but no longer selected: to be released

  bool operator==(const PodTally&) const = default;
  PodTally& operator+=(const PodTally& o);
  PodTally& operator-=(const PodTally& o);
};

/// `selected`: the selector matches; `labeled`: the template's labels are all there.
PodTally tally_of(const api::Pod& pod, bool selected, bool labeled);

struct ReplicaSetCounts {
  PodTally pods;
  std::int32_t available = 0;
};

/// What a sync could not do: the first write error, and what was wanted (active minus replicas).
struct ManageOutcome {
  Status error;
  std::int32_t difference = 0;
};

/// calculateStatus: counts, and the ReplicaFailure condition (FailedCreate, FailedDelete).
api::ReplicaSetStatus replicaset_status(const api::ReplicaSet& rs, std::int64_t generation_seen,
                                        const ReplicaSetCounts& counts,
                                        const ManageOutcome& outcome, Time now);

}  // namespace orrery::controller
