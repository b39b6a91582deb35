#include "core/controller/replicaset_cache.h"

#include <algorithm>

namespace orrery::controller {

bool created_before(const api::ReplicaSet& a, const api::ReplicaSet& b) {
  if (a.meta.creation_timestamp != b.meta.creation_timestamp) {
    return a.meta.creation_timestamp < b.meta.creation_timestamp;
  }
  return a.meta.name < b.meta.name;
}

std::vector<Ref<const api::ReplicaSet>> ReplicaSetCache::owned(const Uid& owner) const {
  std::vector<Ref<const api::ReplicaSet>> out;
  sets.for_each_in(by_owner, owner.hash(), [&](const api::ReplicaSet& set) {
    const api::OwnerReference* controller = api::controller_of(set.meta);
    if (controller && controller->uid == owner) out.push_back(Ref<const api::ReplicaSet>(&set));
  });
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return created_before(*a, *b); });
  return out;
}

}  // namespace orrery::controller
