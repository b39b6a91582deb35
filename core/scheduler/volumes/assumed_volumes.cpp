#include "core/scheduler/volumes/assumed_volumes.h"

namespace orrery::scheduler {

Ref<const api::PersistentVolume> AssumedVolumes::newest(const api::PersistentVolume& known) const {
  if (!volumes_.empty()) {
    const auto it = volumes_.find(known.meta.name);
    // A revision that informers told since then is the truth.
    if (it != volumes_.end() && it->second->meta.resource_version == known.meta.resource_version) {
      return it->second;
    }
  }
  return Ref<const api::PersistentVolume>(&known);
}

Ref<const api::PersistentVolume> AssumedVolumes::volume(std::string_view name) const {
  const auto* known =
      objects_.find<api::PersistentVolume>(Watched::kPersistentVolume, Symbol(), name);
  return known ? newest(*known) : Ref<const api::PersistentVolume>();
}

Ref<const api::PersistentVolumeClaim> AssumedVolumes::claim(Symbol ns,
                                                            std::string_view name) const {
  const auto* known =
      objects_.find<api::PersistentVolumeClaim>(Watched::kPersistentVolumeClaim, ns, name);
  if (known && !claims_.empty()) {
    const auto it = claims_.find({ns, known->meta.name});
    if (it != claims_.end() && it->second->meta.resource_version == known->meta.resource_version) {
      return it->second;
    }
  }
  return Ref<const api::PersistentVolumeClaim>(known);
}

Ref<const api::PersistentVolume> AssumedVolumes::volume_for(
    const api::PersistentVolumeClaim& claim) const {
  if (volume_of_claim_.empty()) return {};
  const auto it = volume_of_claim_.find({claim.meta.namespace_, claim.meta.name});
  if (it == volume_of_claim_.end()) return {};
  Ref<const api::PersistentVolume> found = volume(it->second.view());
  return found && found->spec.claim_ref ? found : Ref<const api::PersistentVolume>();
}

void AssumedVolumes::assume(Ref<const api::PersistentVolume> volume) {
  if (const api::ObjectReference* ref = volume->spec.claim_ref.get()) {
    volume_of_claim_[{ref->namespace_, ref->name}] = volume->meta.name;
  }
  const Text name = volume->meta.name;
  volumes_[name] = std::move(volume);
}

void AssumedVolumes::assume(Ref<const api::PersistentVolumeClaim> claim) {
  const ClaimKey key{claim->meta.namespace_, claim->meta.name};
  claims_[key] = std::move(claim);
}

void AssumedVolumes::forget(const api::PersistentVolume& volume) {
  const auto it = volumes_.find(volume.meta.name);
  if (it == volumes_.end()) return;
  if (const api::ObjectReference* ref = it->second->spec.claim_ref.get()) {
    volume_of_claim_.erase({ref->namespace_, ref->name});
  }
  volumes_.erase(it);
}

void AssumedVolumes::forget(const api::PersistentVolumeClaim& claim) {
  claims_.erase({claim.meta.namespace_, claim.meta.name});
}

}  // namespace orrery::scheduler
