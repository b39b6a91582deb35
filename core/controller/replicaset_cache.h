// ReplicaSetCache: the ReplicaSet informer with the indexes that the ReplicaSet and Deployment
// controllers share; made once by ControllerManager, before the informers start.
#pragma once

#include "core/api/apps.h"
#include "core/client/informer.h"

namespace orrery::controller {

struct ReplicaSetCache {
  explicit ReplicaSetCache(Informers& informers)
      : sets(informers.get<api::ReplicaSet>()),
        by_owner(sets.base().add_index(owner_index_key)),
        by_orphan_namespace(sets.base().add_index([](const api::Object& set) {
          return api::controller_of(set.meta) ? 0 : symbol_index_key(set.meta.namespace_);
        })),
        by_namespace(sets.base().add_index(
            [](const api::Object& set) { return symbol_index_key(set.meta.namespace_); })) {}

  Informer<api::ReplicaSet> sets;
  std::size_t by_owner;             // key: owner uid's hash
  std::size_t by_orphan_namespace;  // sets without a controller; key: symbol_index_key(namespace)
  std::size_t by_namespace;         // key: symbol_index_key(namespace)

  /// The sets whose controller is `owner`, by creation time, then name.
  std::vector<Ref<const api::ReplicaSet>> owned(const Uid& owner) const;
};

/// ReplicaSetsByCreationTimestamp.
bool created_before(const api::ReplicaSet& a, const api::ReplicaSet& b);

}  // namespace orrery::controller
