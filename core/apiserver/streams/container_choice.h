// Which container of a pod a stream is for, and whether it can be had now. Called by
// PodStreamEndpoints before anything is opened. Rule: the messages are those of registry/core/pod
// (strategy.go) and of the kubelet (kubelet_pods.go), which kubectl shows as they are.
#pragma once

#include <string>
#include <string_view>

#include "core/api/pod.h"
#include "core/base/result.h"

namespace orrery::apiserver {

/// The container named, or the only one; else BadRequest (validateContainer).
Result<Symbol> choose_container(const api::Pod& pod, std::string_view named);
/// BadRequest `pod NAME does not have a host assigned` while spec.nodeName is empty.
Status check_has_host(const api::Pod& pod);
/// Ok where the container has a log (validateContainerLogStatus).
Status check_log_ready(const api::Pod& pod, Symbol container, bool previous);
/// InternalError `container not found ("NAME")` where it does not run.
Status check_running(const api::Pod& pod, Symbol container);

/// The status of a container, init containers included, or null.
const api::ContainerStatus* find_container_status(const api::Pod& pod, Symbol container);

}  // namespace orrery::apiserver
