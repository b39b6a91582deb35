#include <algorithm>

#include "core/scheduler/plugins/pod_topology_spread.h"

namespace orrery::scheduler {
namespace {

using Constraints = std::vector<SpreadConstraint>;

/// podLabelsMatchSpreadConstraints.
bool matches_any(const Constraints& constraints, const api::Pod& pod) {
  return std::any_of(constraints.begin(), constraints.end(),
                     [&](const SpreadConstraint& c) { return c.matches(*pod.meta.labels); });
}

/// nodeLabelsMatchSpreadConstraints.
bool has_all_keys(const Constraints& constraints, const api::Node& node) {
  return std::all_of(constraints.begin(), constraints.end(), [&](const SpreadConstraint& c) {
    return node.meta.labels.has(c.topology_key);
  });
}

/// The pod itself, or one on a node that its constraints might count.
bool is_involved(const api::Pod* changed, const api::Pod& pod) {
  return !changed || changed->meta.uid == pod.meta.uid ||
         (!changed->node_name.empty() && changed->meta.namespace_ == pod.meta.namespace_);
}

bool is_worth_it_after_pod(const Constraints& constraints, const ClusterEvent& event,
                           const api::Pod& pod) {
  if (!is_involved(event.pod, pod) || !is_involved(event.old_pod, pod)) return false;
  if (!event.pod || !event.old_pod) {
    return matches_any(constraints, event.pod ? *event.pod : *event.old_pod);
  }
  const api::Pod& old = *event.old_pod;
  const api::Pod& now = *event.pod;
  if (now.meta.uid == pod.meta.uid && now.spec && old.spec &&
      !(now.spec->tolerations == old.spec->tolerations) &&
      std::any_of(constraints.begin(), constraints.end(),
                  [](const SpreadConstraint& c) { return c.honors_taints; })) {
    return true;
  }
  if (now.meta.labels == old.meta.labels) return false;
  return std::any_of(constraints.begin(), constraints.end(), [&](const SpreadConstraint& c) {
    return c.matches(*old.meta.labels) != c.matches(*now.meta.labels);
  });
}

bool is_worth_it_after_node(const Constraints& constraints, const ClusterEvent& event) {
  const bool had = event.old_node && has_all_keys(constraints, *event.old_node);
  const bool has = event.node && has_all_keys(constraints, *event.node);
  if (!event.old_node || !event.node) return had || has;
  if (had != has) return true;
  if (!has) return false;
  if (!(event.old_node->spec.taints == event.node->spec.taints)) return true;
  return std::any_of(constraints.begin(), constraints.end(), [&](const SpreadConstraint& c) {
    return event.old_node->meta.labels.get(c.topology_key) !=
           event.node->meta.labels.get(c.topology_key);
  });
}

}  // namespace

EventMask PodTopologySpread::events() const {
  return events::kAssignedPodAdd | events::kAssignedPodLabel | events::kAssignedPodDelete |
         events::kPendingPod | events::kNodeAdd | events::kNodeDelete | events::kNodeLabel |
         events::kNodeTaint;
}

bool PodTopologySpread::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  const Ref<SpreadOfPod> spread = memo_.of(pod);
  if (!spread->hard_error.empty()) return true;
  if (event.node || event.old_node) return is_worth_it_after_node(spread->hard, event);
  if (event.pod || event.old_pod) return is_worth_it_after_pod(spread->hard, event, pod);
  return true;
}

}  // namespace orrery::scheduler
