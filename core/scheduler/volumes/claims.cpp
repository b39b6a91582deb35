#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

constexpr std::string_view kBetaClass = "volume.beta.kubernetes.io/storage-class";

}  // namespace

Symbol class_of(const api::PersistentVolumeClaim& claim) {
  if (const Text* name = api::find(claim.meta.annotations, kBetaClass)) return Symbol(name->view());
  return claim.spec.storage_class_name.value_or(Symbol());
}

Symbol class_of(const api::PersistentVolume& volume) {
  if (const Text* name = api::find(volume.meta.annotations, kBetaClass)) {
    return Symbol(name->view());
  }
  return volume.spec.storage_class_name;
}

bool is_bound_to(const api::PersistentVolume& volume, const api::PersistentVolumeClaim& claim) {
  const api::ObjectReference* ref = volume.spec.claim_ref.get();
  if (!ref || ref->name != claim.meta.name || ref->namespace_ != claim.meta.namespace_) {
    return false;
  }
  return ref->uid.empty() || ref->uid == claim.meta.uid;
}

bool is_fully_bound(const api::PersistentVolumeClaim& claim) {
  return !claim.spec.volume_name.empty() && api::find(claim.meta.annotations, kBindCompleted);
}

std::string ownership_error(const api::Pod& pod, const api::PersistentVolumeClaim& claim) {
  const api::OwnerReference* owner = api::controller_of(claim.meta);
  if (owner && owner->uid == pod.meta.uid) return {};
  return "PVC " + api::key_of(claim) + " was not created for pod " + api::key_of(pod) +
         " (pod is not owner)";
}

std::string not_found_text(std::string_view kind, std::string_view name) {
  return std::string(kind) + " \"" + std::string(name) + "\" not found";
}

Verdict unresolvable(const std::string& reason) {
  return {Code::kUnschedulableAndUnresolvable, {Symbol(reason)}};
}

bool uses_claim(const api::Pod& pod, const api::Object& claim, bool with_ephemeral) {
  if (!pod.spec || pod.meta.namespace_ != claim.meta.namespace_) return false;
  const std::string_view wanted = claim.meta.name.view();
  const std::string_view owner = pod.meta.name.view();
  for (const api::Volume& volume : pod.spec->volumes) {
    if (volume.persistent_volume_claim) {
      if (volume.persistent_volume_claim->claim_name == wanted) return true;
      continue;
    }
    // POD-VOLUME, compared without making it.
    if (!with_ephemeral || wanted.size() != owner.size() + 1 + volume.name.view().size()) continue;
    if (wanted.starts_with(owner) && wanted[owner.size()] == '-' &&
        wanted.ends_with(volume.name.view()) && is_ephemeral(volume)) {
      return true;
    }
  }
  return false;
}

bool concerns_claim(const ClusterEvent& event, const api::Pod& pod, bool with_ephemeral,
                    bool only_added) {
  if (!event.object || (only_added && event.old_object)) return false;
  return uses_claim(pod, *event.object, with_ephemeral);
}

}  // namespace orrery::scheduler
