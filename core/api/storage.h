// PersistentVolume, PersistentVolumeClaim (core/v1) and StorageClass (storage.k8s.io/v1).
#pragma once

#include "core/api/object.h"
#include "core/api/pod_spec.h"
#include "core/api/resources.h"
#include "core/api/service.h"

namespace orrery::api {

struct PersistentVolumeSpec {
  ResourceList capacity;
  List<Symbol> access_modes;
  Shared<ObjectReference> claim_ref;
  Symbol persistent_volume_reclaim_policy;
  Symbol storage_class_name;
  std::optional<Symbol> volume_mode;
  Shared<NodeSelector> node_affinity_required;  // nodeAffinity.required
  RawRef extra;                                 // the source
  bool operator==(const PersistentVolumeSpec&) const = default;
};

struct PersistentVolume final : ObjectOf<PersistentVolume, KindId::kPersistentVolume> {
  PersistentVolumeSpec spec;
  Symbol phase;  // status.phase
  RawRef extra;
};

struct PersistentVolumeClaimSpec {
  List<Symbol> access_modes;
  Shared<LabelSelector> selector;
  ResourceRequirements resources;
  Text volume_name;
  std::optional<Symbol> storage_class_name;
  std::optional<Symbol> volume_mode;
  RawRef extra;
  bool operator==(const PersistentVolumeClaimSpec&) const = default;
};

struct PersistentVolumeClaim final
    : ObjectOf<PersistentVolumeClaim, KindId::kPersistentVolumeClaim> {
  PersistentVolumeClaimSpec spec;
  Symbol phase;  // status
  List<Symbol> status_access_modes;
  ResourceList status_capacity;
  RawRef extra;
};

struct StorageClass final : ObjectOf<StorageClass, KindId::kStorageClass> {
  Symbol provisioner;
  std::optional<Symbol> reclaim_policy;
  std::optional<Symbol> volume_binding_mode;
  std::optional<bool> allow_volume_expansion;
  RawRef extra;
};

}  // namespace orrery::api
