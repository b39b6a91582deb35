// decide_actions: what a kubelet should do next for a pod, from what runs and what the spec wants
// (the rules of upstream's computePodActions). Pure; PodWorker carries it out one start at a time.
#pragma once

#include <optional>
#include <vector>

#include "core/kubelet/kubelet_config.h"
#include "core/kubelet/pod_record.h"

namespace orrery::kubelet {

struct PodActions {
  bool end_pod = false;            // nothing is left to run: stop everything, the pod is terminal
  bool deadline_exceeded = false;  // why: activeDeadlineSeconds
  bool create_sandbox = false;
  std::optional<std::size_t> start;  // the container to start now
  std::vector<std::size_t> kill;     // unhealthy containers
  Time wake_at = kNever;             // decide again then, even if nothing happens
};

PodActions decide_actions(const PodRecord& pod, const KubeletConfig& config, Time now);

/// Whether an exited container is to run again, by its pod's restart policy.
bool wants_restart(const PodRecord& pod, std::size_t i);
/// When an exited container, or one that failed to start, may be tried again.
Time retry_time(const PodRecord& pod, std::size_t i, const KubeletConfig& config);

}  // namespace orrery::kubelet
