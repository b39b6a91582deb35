#include "core/scheduler/plugins/node_name.h"

#include "core/scheduler/plugins/tolerations.h"

namespace orrery::scheduler {

bool NodeName::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  return !event.node || pod.node_name.empty() || event.node->meta.name == pod.node_name.view();
}

bool NodeName::sign(const api::Pod& pod, Signature& signature) {
  signature.add(pod.node_name);
  return true;
}

Verdict NodeName::filter(const CycleState&, const api::Pod& pod, const NodeInfo& node) const {
  static const Symbol kReason{"node(s) didn't match the requested node name"};
  if (pod.node_name.empty() || pod.node_name == node.name()) return {};
  return {Code::kUnschedulableAndUnresolvable, {kReason}};
}

namespace {

bool admits(const api::Node& node, const api::Pod& pod) {
  static const api::Taint kTaint = [] {
    api::Taint taint;
    taint.key = Symbol("node.kubernetes.io/unschedulable");
    taint.effect = Symbol("NoSchedule");
    return taint;
  }();
  return !node.spec.unschedulable || (pod.spec && tolerates(pod.spec->tolerations, kTaint));
}

}  // namespace

bool NodeUnschedulable::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  return !event.node || admits(*event.node, pod);
}

bool NodeUnschedulable::sign(const api::Pod& pod, Signature& signature) {
  sign_tolerations(pod, signature);
  return true;
}

Verdict NodeUnschedulable::filter(const CycleState&, const api::Pod& pod,
                                  const NodeInfo& node) const {
  static const Symbol kReason{"node(s) were unschedulable"};
  if (!node.node().spec.unschedulable || admits(node.node(), pod)) return {};
  return {Code::kUnschedulableAndUnresolvable, {kReason}};
}

}  // namespace orrery::scheduler
