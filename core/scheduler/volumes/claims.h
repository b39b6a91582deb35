// Claims: small questions about PersistentVolumeClaims and PersistentVolumes that several volume
// plugins ask (component-helpers/storage). Pure functions.
#pragma once

#include <optional>
#include <string>

#include "core/api/pod.h"
#include "core/api/storage.h"
#include "core/scheduler/plugin.h"
#include "core/scheduler/volumes/volume_documents.h"

namespace orrery::scheduler {

inline constexpr std::string_view kBindCompleted = "pv.kubernetes.io/bind-completed";
inline constexpr std::string_view kBoundByController = "pv.kubernetes.io/bound-by-controller";
inline constexpr std::string_view kSelectedNode = "volume.kubernetes.io/selected-node";

/// The name of the claim in the pod's namespace (ephemeral.VolumeClaimName).
inline Text claim_name(const api::Pod& pod, const ClaimUse& use) {
  if (!use.is_ephemeral) return use.name;
  return Text(pod.meta.name.str() + "-" + use.name.str());
}

/// GetPersistentVolumeClaimClass, GetPersistentVolumeClass.
Symbol class_of(const api::PersistentVolumeClaim& claim);
Symbol class_of(const api::PersistentVolume& volume);

/// The volume names this claim (IsVolumeBoundToClaim).
bool is_bound_to(const api::PersistentVolume& volume, const api::PersistentVolumeClaim& claim);
/// Both sides are done (isPVCFullyBound).
bool is_fully_bound(const api::PersistentVolumeClaim& claim);

/// Why this ephemeral claim is not the pod's (ephemeral.VolumeIsForPod); "" if it is.
std::string ownership_error(const api::Pod& pod, const api::PersistentVolumeClaim& claim);

/// `persistentvolumeclaim "x" not found`: what upstream's listers say.
std::string not_found_text(std::string_view kind, std::string_view name);
/// UnschedulableAndUnresolvable with this reason.
Verdict unresolvable(const std::string& reason);

/// Whether the pod names this claim. Generic ephemeral volumes count if `with_ephemeral`.
bool uses_claim(const api::Pod& pod, const api::Object& claim, bool with_ephemeral);
/// The object of a PVC event that was added or updated, if the pod names it.
bool concerns_claim(const ClusterEvent& event, const api::Pod& pod, bool with_ephemeral,
                    bool only_added);

}  // namespace orrery::scheduler
