// daemon_nodes: which nodes a DaemonSet's pod belongs on, and what pods are made and unmade for it.
// Pure; DaemonSetController does the writes (upstream: NodeShouldRunDaemonPod, podsShouldBeOnNode,
// rollingUpdate).
#pragma once

#include <vector>

#include "core/api/apps.h"
#include "core/api/node.h"
#include "core/api/pod.h"

namespace orrery::controller {

struct DaemonFit {
  bool should_run = false;       // a pod may be placed there
  bool should_continue = false;  // one that is there may stay
};
/// By required node affinity, node selector and taints; resources do not count.
DaemonFit daemon_fit(const api::PodSpec& spec, const api::Node& node);
/// The template's spec with the tolerations that every daemon pod has.
api::Shared<api::PodSpec> daemon_spec(const api::Shared<api::PodSpec>& spec);
/// The spec pinned to one node by a required matchFields term
/// (ReplaceDaemonSetPodNodeNameNodeAffinity).
api::Shared<api::PodSpec> pinned_to(const api::Shared<api::PodSpec>& spec, const Text& node);
/// The node a daemon pod is for: spec.nodeName, or the one it is pinned to; "" if none.
std::string_view target_node(const api::Pod& pod);

/// The pods of one DaemonSet on one node.
struct DaemonNode {
  Text node;
  DaemonFit fit;
  std::vector<Ref<const api::Pod>> pods;  // oldest first
};
struct DaemonPlan {
  std::vector<Text> create;  // nodes
  std::vector<Ref<const api::Pod>> remove;
  std::vector<Ref<const api::Pod>> failed;  // of `remove`: finished, to be replaced
};
/// What the nodes need now, whatever revision (manage()).
DaemonPlan plan_daemons(const std::vector<DaemonNode>& nodes, std::int32_t max_surge);
/// What a rolling update to `hash` does next.
DaemonPlan plan_rollout(const api::DaemonSet& set, const std::vector<DaemonNode>& nodes,
                        Symbol hash, Time now);
/// maxSurge of a rolling update; 0 for OnDelete.
std::int32_t daemon_max_surge(const api::DaemonSet& set, std::int32_t desired);
/// updateDaemonSetStatus.
api::DaemonSetStatus daemon_status(const api::DaemonSet& set, const std::vector<DaemonNode>& nodes,
                                   Symbol hash, Time now);

}  // namespace orrery::controller
