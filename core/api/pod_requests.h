// What a pod asks of a node, as kube-scheduler and kubelet add it up (resourcehelper.PodRequests):
// containers summed, init containers by maximum, sidecars carried along, overhead on top, pod-level
// resources over all of it.
#pragma once

#include <cstdint>

#include "core/api/pod_spec.h"

namespace orrery::api {

/// Request per resource name, containers without a request counting nothing.
ResourceList pod_requests(const PodSpec& spec);

/// The three that every node has, in their units.
struct BasicRequests {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t ephemeral_bytes = 0;
};
BasicRequests basic_of(const ResourceList& list);

}  // namespace orrery::api
