// The topology spread constraints of a pod in the form in which PodTopologySpread asks them: with
// compiled selectors, defaults filled in, and the live counts that they are judged by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/api/pod.h"
#include "core/base/result.h"
#include "core/scheduler/topology/pod_groups.h"

namespace orrery::scheduler {

struct SpreadConstraint {
  std::int32_t max_skew = 1;
  std::int32_t min_domains = 1;
  Symbol topology_key;
  bool honors_affinity = true;  // nodeAffinityPolicy: nodes that the pod may not use do not count
  bool honors_taints = false;   // nodeTaintsPolicy
  /// Pods that count; all must match. Without any, everything matches but nothing is counted
  /// (upstream's countPodsMatchSelector).
  std::vector<api::Selector> selectors;
  bool matches_self = false;

  KeyId key = 0;
  bool is_hostname = false;
  PodGroups::QueryRef query;  // counts by node
  PodGroups::TallyRef tally;  // counts by domain; null for a hostname constraint of scoring

  bool matches(const api::Labels& labels) const;
};

/// The constraints with this whenUnsatisfiable. Fails if a selector cannot be compiled.
Result<std::vector<SpreadConstraint>> compile_constraints(
    const api::List<api::TopologySpreadConstraint>& constraints, const api::Pod& pod,
    Symbol when_unsatisfiable);

/// Gives the constraints their counts over the nodes that have all keys, or, without
/// `needs_all_keys`, over those that have the constraint's own. `for_score`: hostname constraints
/// are counted on the node alone.
void start_counting(std::vector<SpreadConstraint>& constraints, const api::Pod& pod,
                    TopologyKeys& keys, PodGroups& groups, bool needs_all_keys, bool for_score);

}  // namespace orrery::scheduler
