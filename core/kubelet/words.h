// Words: the fixed API texts that kubelets write all the time, interned once. Values, not state:
// reading one costs a load instead of a table lookup.
#pragma once

#include "core/base/symbol.h"

namespace orrery::kubelet {

struct Words {
  Symbol true_{"True"}, false_{"False"};
  Symbol pending{"Pending"}, running{"Running"}, succeeded{"Succeeded"}, failed{"Failed"};
  Symbol always{"Always"}, never{"Never"}, on_failure{"OnFailure"}, if_not_present{"IfNotPresent"};
  Symbol pod_scheduled{"PodScheduled"}, initialized{"Initialized"}, ready{"Ready"};
  Symbol containers_ready{"ContainersReady"};
  Symbol ready_to_start{"PodReadyToStartContainers"};
  Symbol completed{"Completed"}, error{"Error"}, oom_killed{"OOMKilled"}, start_error{"StartError"};
  Symbol container_status_unknown{"ContainerStatusUnknown"};
  Symbol container_creating{"ContainerCreating"}, pod_initializing{"PodInitializing"};
  Symbol crash_loop{"CrashLoopBackOff"};
  Symbol err_image_pull{"ErrImagePull"}, image_pull_backoff{"ImagePullBackOff"};
  Symbol err_image_never_pull{"ErrImageNeverPull"}, create_error{"CreateContainerError"};
  Symbol containers_not_ready{"ContainersNotReady"}, pod_completed{"PodCompleted"};
  Symbol containers_not_initialized{"ContainersNotInitialized"}, pod_failed{"PodFailed"};
  Symbol readiness_gates_not_ready{"ReadinessGatesNotReady"};
  Symbol deadline_exceeded{"DeadlineExceeded"};
  Symbol cpu{"cpu"}, memory{"memory"}, ephemeral_storage{"ephemeral-storage"}, pods{"pods"};
  Symbol no_execute{"NoExecute"}, no_schedule{"NoSchedule"};
  Symbol pod{"Pod"}, node{"Node"}, v1{"v1"}, normal{"Normal"}, warning{"Warning"};
  Symbol kubelet{"kubelet"};
};

inline const Words& words() {
  static const Words kWords;
  return kWords;
}

}  // namespace orrery::kubelet
