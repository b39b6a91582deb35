// The victims on one node: all pods of lower priority are taken off, then spared one by one, the
// most important first, as long as the pod still fits; pods whose PodDisruptionBudget would be
// violated are tried before the others (SelectVictimsOnNode).
#pragma once

#include <vector>

#include "core/scheduler/nominated_filter.h"
#include "core/scheduler/preemption/dry_run.h"

namespace orrery::scheduler {

/// A PodDisruptionBudget, its selector compiled.
struct Budget {
  const api::PodDisruptionBudget* pdb;
  api::Selector selector;
};
/// All budgets that the cache knows, by namespace and name.
std::vector<Budget> budgets_of(const ClusterObjects& objects);

/// Sets the numbers that candidates are compared by, from its victims (one or more).
void summarise(const PodRecords& pods, Candidate& candidate);

/// Fills `candidate`; not ok: why no victims help. `lower`: the node's pods of lower priority, most
/// important first.
Verdict select_victims(const Framework& framework, SchedulerCache& cache, const CycleState& state,
                       const Ref<const api::Pod>& pod, NodeSlot slot,
                       const std::vector<std::uint32_t>& lower,
                       const std::vector<Budget>& budgets, Candidate& candidate);

}  // namespace orrery::scheduler
