// KindId: a small number for each kind. The typed kinds have the enumerators below; every other
// kind of the API table gets the next free number from the Kinds registry (kind_registry.h).
#pragma once

#include <cstdint>

namespace orrery::api {

enum class KindId : std::uint16_t {
  kPod,
  kNode,
  kNamespace,
  kService,
  kEndpointSlice,
  kDeployment,
  kReplicaSet,
  kStatefulSet,
  kDaemonSet,
  kJob,
  kControllerRevision,
  kConfigMap,
  kSecret,
  kServiceAccount,
  kPersistentVolume,
  kPersistentVolumeClaim,
  kStorageClass,
  kPriorityClass,
  kPodDisruptionBudget,
  kEvent,
  kLease,
  kTypedCount,
  kNone = 0xffff,
};

}  // namespace orrery::api
