// pod_ranking: which pods of a ReplicaSet go first when it shrinks. Upstream: ActivePodsWithRanks
// with LogarithmicScaleDown. Used by ReplicaSet and ReplicationController; pure.
#pragma once

#include <vector>

#include "core/api/pod.h"

namespace orrery::controller {

struct RankedPod {
  const api::Pod* pod = nullptr;
  int rank = 0;  // related pods on the same node: fuller nodes give first
};

/// True if `a` should be deleted before `b`: unassigned, then Pending < Unknown < Running, not
/// ready, lower controller.kubernetes.io/pod-deletion-cost, higher rank, ready for less time, more
/// restarts, younger. Ages compare by powers of two; equal ages by uid. Not a strict weak order
/// (upstream's is not): sort with sort_for_deletion() only.
bool deleted_before(const RankedPod& a, const RankedPod& b, Time now);

/// First to delete first. As Go's sort orders up to twelve pods, a stable sort above that.
void sort_for_deletion(std::vector<RankedPod>& pods, Time now);

/// The annotation's value; 0 where it is absent or not a plain 32-bit integer ("+5" is not).
std::int32_t deletion_cost(const api::Pod& pod);

}  // namespace orrery::controller
