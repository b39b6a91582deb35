// ClusterEvent: what happened in the cluster that may make an unschedulable pod schedulable. The
// queue tells plugins that rejected a pod; they say whether it is worth another try (queueing
// hints).
#pragma once

#include <cstdint>

#include "core/api/node.h"
#include "core/api/pod.h"

namespace orrery::scheduler {

using EventMask = std::uint32_t;

namespace events {
inline constexpr EventMask kNodeAdd = 1u << 0;
inline constexpr EventMask kNodeAllocatable = 1u << 1;
inline constexpr EventMask kNodeLabel = 1u << 2;
inline constexpr EventMask kNodeTaint = 1u << 3;  // taints or spec.unschedulable
inline constexpr EventMask kNodeCondition = 1u << 4;
inline constexpr EventMask kNodeAnnotation = 1u << 5;
inline constexpr EventMask kNodeDelete = 1u << 6;
inline constexpr EventMask kAssignedPodAdd = 1u << 7;
inline constexpr EventMask kAssignedPodLabel = 1u << 8;
inline constexpr EventMask kAssignedPodScaleDown = 1u << 9;
inline constexpr EventMask kAssignedPodDelete = 1u << 10;
inline constexpr EventMask kService = 1u << 11;
inline constexpr EventMask kNamespace = 1u << 12;
inline constexpr EventMask kPersistentVolume = 1u << 13;
inline constexpr EventMask kPersistentVolumeClaim = 1u << 14;
inline constexpr EventMask kStorageClass = 1u << 15;
inline constexpr EventMask kCsiNode = 1u << 16;
inline constexpr EventMask kCsiDriver = 1u << 17;
inline constexpr EventMask kVolumeAttachment = 1u << 18;
inline constexpr EventMask kCsiStorageCapacity = 1u << 19;
/// The pending pod itself, such as its labels, tolerations or gates.
inline constexpr EventMask kPendingPod = 1u << 20;
/// Everything, for plugins that give no hints.
inline constexpr EventMask kAll = ~0u;
}  // namespace events

struct ClusterEvent {
  EventMask kinds = 0;
  // The objects before and after; those of the other kind are null.
  const api::Node* old_node = nullptr;
  const api::Node* node = nullptr;
  const api::Pod* old_pod = nullptr;
  const api::Pod* pod = nullptr;
  // The object of a kind above kAssignedPodDelete.
  const api::Object* old_object = nullptr;
  const api::Object* object = nullptr;
};

}  // namespace orrery::scheduler
