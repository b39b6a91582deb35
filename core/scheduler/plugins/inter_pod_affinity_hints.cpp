// Queueing hints of InterPodAffinity (isSchedulableAfterAssignedPodChange and its like). As
// upstream's, they match terms without looking up namespace selectors: only namespaces by name, or
// all.
#include <algorithm>

#include "core/scheduler/plugins/inter_pod_affinity.h"

namespace orrery::scheduler {
namespace {

bool means(const PodQuery& what, const api::Pod& pod) {
  return what.matches(pod.meta.namespace_, nullptr, *pod.meta.labels, false);
}

/// A pod that meets all terms; without terms there is none.
bool meets_all(const std::vector<PodQuery>& terms, const api::Pod& pod) {
  return !terms.empty() && std::all_of(terms.begin(), terms.end(),
                                       [&](const PodQuery& what) { return means(what, pod); });
}

bool meets_any(const std::vector<PodQuery>& terms, const api::Pod& pod) {
  return std::any_of(terms.begin(), terms.end(),
                     [&](const PodQuery& what) { return means(what, pod); });
}

/// The pod, now gone, kept `pending` away.
bool kept_away(const api::Pod& gone, const api::Pod& pending) {
  if (!gone.spec || !gone.spec->affinity || !gone.spec->affinity->pod_anti_affinity) return false;
  const auto& terms = gone.spec->affinity->pod_anti_affinity->required;
  return std::any_of(terms.begin(), terms.end(), [&](const api::PodAffinityTerm& term) {
    return means(query_of(term, gone.meta.namespace_), pending);
  });
}

}  // namespace

EventMask InterPodAffinity::events() const {
  return events::kAssignedPodAdd | events::kAssignedPodLabel | events::kAssignedPodDelete |
         events::kNodeAdd | events::kNodeLabel | events::kPendingPod;
}

bool InterPodAffinity::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (event.kinds & events::kPendingPod) {
    // Its new labels may be out of the sight of terms that kept it away.
    return !event.old_pod || !event.pod || !(event.old_pod->meta.labels == event.pod->meta.labels);
  }
  if (event.node) return retry_after_node(event, pod);
  if (event.pod || event.old_pod) return retry_after_pod(event, pod);
  return true;
}

bool InterPodAffinity::retry_after_pod(const ClusterEvent& event, const api::Pod& pod) const {
  static const OwnTerms kNone;
  const std::shared_ptr<const OwnTerms> found = terms_.own(pod);
  const OwnTerms& own = found ? *found : kNone;
  const api::Pod* old = event.old_pod;
  const api::Pod* now = event.pod;
  if (!now) return meets_any(own.required_anti_queries, *old) || kept_away(*old, pod);
  const bool comes = meets_all(own.required_queries, *now) &&
                     (!old || !meets_all(own.required_queries, *old));
  const bool leaves = old && meets_any(own.required_anti_queries, *old) &&
                      !meets_any(own.required_anti_queries, *now);
  return comes || leaves;
}

bool InterPodAffinity::retry_after_node(const ClusterEvent& event, const api::Pod& pod) const {
  if (!pod.spec || !pod.spec->affinity) return false;
  const auto value = [](const api::Node* node, Symbol key) -> const Symbol* {
    return node ? node->meta.labels->find(key) : nullptr;
  };
  const auto moved = [&](const api::PodAffinityTerm& term) {
    const Symbol* was = value(event.old_node, term.topology_key);
    const Symbol* is = value(event.node, term.topology_key);
    return was && is && *was != *is;
  };
  const api::Affinity& affinity = *pod.spec->affinity;
  if (affinity.pod_affinity) {
    for (const api::PodAffinityTerm& term : affinity.pod_affinity->required) {
      const bool gained = !value(event.old_node, term.topology_key) &&
                          value(event.node, term.topology_key);
      if (gained || moved(term)) return true;
    }
  }
  if (affinity.pod_anti_affinity) {
    for (const api::PodAffinityTerm& term : affinity.pod_anti_affinity->required) {
      const bool lost = value(event.old_node, term.topology_key) &&
                        !value(event.node, term.topology_key);
      if (!event.old_node || lost || moved(term)) return true;
    }
  }
  return false;
}

}  // namespace orrery::scheduler
