// AssumedVolumes: PersistentVolumes and claims as this scheduler believes them to be: what
// informers told, or, until they tell of a newer revision, what it is about to write (upstream's
// assume caches of the volume binder).
#pragma once

#include <map>

#include "core/api/storage.h"
#include "core/scheduler/cluster_objects.h"

namespace orrery::scheduler {

class AssumedVolumes {
 public:
  explicit AssumedVolumes(const ClusterObjects& objects) : objects_(objects) {}

  /// Null if there is none.
  Ref<const api::PersistentVolume> volume(std::string_view name) const;
  Ref<const api::PersistentVolumeClaim> claim(Symbol ns, std::string_view name) const;
  /// The newer of what is assumed in place of `known` and `known` itself.
  Ref<const api::PersistentVolume> newest(const api::PersistentVolume& known) const;

  /// The volume that is assumed to be this claim's, if informers did not tell of it since; or null.
  Ref<const api::PersistentVolume> volume_for(const api::PersistentVolumeClaim& claim) const;

  /// A changed copy of the object that informers know.
  void assume(Ref<const api::PersistentVolume> volume);
  void assume(Ref<const api::PersistentVolumeClaim> claim);
  void forget(const api::PersistentVolume& volume);
  void forget(const api::PersistentVolumeClaim& claim);

  std::size_t size() const { return volumes_.size() + claims_.size(); }

 private:
  struct ClaimKey {
    Symbol ns;
    Text name;
    bool operator<(const ClaimKey& o) const {
      return ns == o.ns ? name < o.name : ns < o.ns;
    }
  };
  const ClusterObjects& objects_;
  std::map<Text, Ref<const api::PersistentVolume>> volumes_;
  std::map<ClaimKey, Ref<const api::PersistentVolumeClaim>> claims_;
  std::map<ClaimKey, Text> volume_of_claim_;  // of volumes_
};

}  // namespace orrery::scheduler
