// pod_phase: Pending, Running, Succeeded or Failed from the container statuses, by the rules of
// upstream's getPhase. Pure; called by pod_status.
#pragma once

#include "core/api/pod.h"

namespace orrery::kubelet {

/// `status` has its container statuses filled in, in the order of the spec. `terminal`: no
/// container will be started again, whatever the restart policy says (the pod is deleted or past
/// its deadline).
Symbol pod_phase(const api::PodSpec& spec, const api::PodStatus& status, bool terminal);

/// A main container runs or has run: the init containers' work is done
/// (HasAnyRegularContainerStarted).
bool any_main_container_started(const api::PodStatus& status);

}  // namespace orrery::kubelet
