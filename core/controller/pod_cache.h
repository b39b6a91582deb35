// PodCache: the pod informer with the indexes that several controllers share; made once by
// ControllerManager, before the informers start (a table has room for four indexes).
#pragma once

#include "core/api/pod.h"
#include "core/client/informer.h"

namespace orrery::controller {

struct PodCache {
  explicit PodCache(Informers& informers)
      : pods(informers.get<api::Pod>()),
        by_owner(pods.base().add_index(owner_index_key)),
        by_orphan_namespace(pods.base().add_index([](const api::Object& pod) {
          return api::controller_of(pod.meta) ? 0 : symbol_index_key(pod.meta.namespace_);
        })),
        by_node(pods.base().add_index([](const api::Object& pod) {
          return symbol_index_key(static_cast<const api::Pod&>(pod).node_name);
        })) {}

  Informer<api::Pod> pods;
  std::size_t by_owner;             // key: owner uid's hash (owner_index_key)
  std::size_t by_orphan_namespace;  // pods without a controller; key: symbol_index_key(namespace)
  std::size_t by_node;              // key: symbol_index_key(node name)

  /// F(const api::Pod&) for each pod whose controller is `owner`.
  template <class F>
  void for_each_owned(const Uid& owner, F&& visit) const {
    pods.for_each_in(by_owner, owner.hash(), [&](const api::Pod& pod) {
      const api::OwnerReference* controller = api::controller_of(pod.meta);
      if (controller && controller->uid == owner) visit(pod);
    });
  }
};

/// controller.IsPodActive: neither finished nor being deleted.
inline bool is_active(const api::Pod& pod) {
  return !pod.meta.is_being_deleted() && !api::is_terminal(pod);
}
/// controller.IsPodTerminating: being deleted, but not finished.
inline bool is_terminating(const api::Pod& pod) {
  return pod.meta.is_being_deleted() && !api::is_terminal(pod);
}

}  // namespace orrery::controller
