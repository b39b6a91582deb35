// The kubelet's own pod conditions: PodReadyToStartContainers, Initialized, Ready, ContainersReady
// and PodScheduled, with upstream's reasons and messages. Other components' conditions (readiness
// gates, DisruptionTarget) are kept. Pure; called by pod_status.
#pragma once

#include <vector>

#include "core/api/pod.h"

namespace orrery::kubelet {

/// Lists of conditions that are equal across pods (same instants, same states) share one copy: most
/// of a status at scale. A bounded lookup table; what it forgets is only shared less.
class ConditionCache {
 public:
  static constexpr std::size_t kSlotsMax = 1024;
  api::List<api::PodCondition> share(std::vector<api::PodCondition> conditions);

 private:
  std::vector<api::List<api::PodCondition>> slots_{kSlotsMax};
};

struct ConditionInput {
  const api::Pod& pod;           // its status is the old one
  const api::PodStatus& status;  // the new one: phase and container statuses are filled in
  bool sandbox_ready = false;
  Time now;  // whole seconds
};

std::vector<api::PodCondition> pod_conditions(const ConditionInput& in);

}  // namespace orrery::kubelet
