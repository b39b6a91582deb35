#include "core/scheduler/plugins/taint_toleration.h"

#include <algorithm>

#include "core/scheduler/plugins/tolerations.h"

namespace orrery::scheduler {
namespace {

bool is_kept_off(const api::Node& node, const api::Pod& pod) {
  static const Symbol kNoSchedule{"NoSchedule"};
  static const Symbol kNoExecute{"NoExecute"};
  for (const api::Taint& taint : node.spec.taints) {
    if (taint.effect != kNoSchedule && taint.effect != kNoExecute) continue;
    if (!pod.spec || !tolerates(pod.spec->tolerations, taint)) return true;
  }
  return false;
}

}  // namespace

bool TaintToleration::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (!event.node) return true;
  if (event.old_node && !is_kept_off(*event.old_node, pod)) return false;
  return !is_kept_off(*event.node, pod);
}

bool TaintToleration::sign(const api::Pod& pod, Signature& signature) {
  sign_tolerations(pod, signature);
  return true;
}

Verdict TaintToleration::filter(const CycleState&, const api::Pod& pod,
                                const NodeInfo& node) const {
  static const Symbol kReason{"node(s) had untolerated taint(s)"};
  if (node.node().spec.taints.empty() || !is_kept_off(node.node(), pod)) return {};
  return {Code::kUnschedulableAndUnresolvable, {kReason}};
}

std::int64_t TaintToleration::score(const CycleState&, const api::Pod& pod,
                                    const NodeInfo& node) const {
  static const Symbol kPrefer{"PreferNoSchedule"};
  std::int64_t count = 0;
  for (const api::Taint& taint : node.node().spec.taints) {
    if (taint.effect != kPrefer) continue;
    if (!pod.spec || !tolerates(pod.spec->tolerations, taint)) ++count;
  }
  return count;
}

void TaintToleration::normalize(std::span<std::int64_t> scores) const {
  normalize_by_max(scores, true);
}

void normalize_by_max(std::span<std::int64_t> scores, bool reverse) {
  std::int64_t most = 0;
  for (const std::int64_t s : scores) most = std::max(most, s);
  for (std::int64_t& s : scores) {
    if (most > 0) s = kScoreMax * s / most;
    if (reverse) s = most > 0 ? kScoreMax - s : kScoreMax;
  }
}

}  // namespace orrery::scheduler
