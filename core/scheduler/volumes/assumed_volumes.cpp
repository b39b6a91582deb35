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

void AssumedVolumes::assume(Ref<const api::PersistentVolume> volume) {
  ++version_;
  const Text name = volume->meta.name;
  volumes_[name] = std::move(volume);
}

void AssumedVolumes::assume(Ref<const api::PersistentVolumeClaim> claim) {
  ++version_;
  const ClaimKey key{claim->meta.namespace_, claim->meta.name};
  claims_[key] = std::move(claim);
}

void AssumedVolumes::forget(const api::PersistentVolume& volume) {
  if (volumes_.erase(volume.meta.name) > 0) ++version_;
}

void AssumedVolumes::forget(const api::PersistentVolumeClaim& claim) {
  if (claims_.erase({claim.meta.namespace_, claim.meta.name}) > 0) ++version_;
}

}  // namespace orrery::scheduler
