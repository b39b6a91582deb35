// ClusterObjects: what plugins read of the cluster besides pods and nodes: the newest known objects
// of a few kinds, by namespace and name. The scheduler feeds it from its informers before plugins
// see an event; a program that drives plugins without informers feeds it itself.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/api/object_table.h"

namespace orrery::scheduler {

/// The kinds that are kept. Those after kPodDisruptionBudget are of type api::Dynamic.
enum class Watched : std::uint8_t {
  kNamespace,
  kService,
  kReplicaSet,
  kStatefulSet,
  kPersistentVolume,
  kPersistentVolumeClaim,
  kStorageClass,
  kPodDisruptionBudget,
  kReplicationController,
  kCsiNode,
  kCsiDriver,
  kVolumeAttachment,
  kCsiStorageCapacity,
  kPodGroup,
  kCoschedulingPodGroup,
  kCount,
};

class ClusterObjects {
 public:
  static constexpr std::size_t kKinds = static_cast<std::size_t>(Watched::kCount);

  ClusterObjects();

  /// What an informer told: added {null, now}, updated {old, now}, deleted {old, null}. False if
  /// nothing changed that plugins read.
  bool change(Watched kind, const api::ObjectRef& old, const api::ObjectRef& now);

  /// The object, or null. `ns` is empty for kinds without namespaces. Valid until the next change.
  template <class T>
  const T* find(Watched kind, Symbol ns, std::string_view name) const {
    const api::ObjectRef* found = at(kind).table.find(ns, name);
    return found ? static_cast<const T*>(found->get()) : nullptr;
  }
  /// All objects of the namespace; order without meaning. F(const T&).
  template <class T, class F>
  void for_each_in(Watched kind, Symbol ns, F&& visit) const {
    for (const api::ObjectRef& o : at(kind).table.in(0, key_of(ns))) {
      visit(static_cast<const T&>(*o));
    }
  }
  template <class T, class F>
  void for_each(Watched kind, F&& visit) const {
    at(kind).table.for_each([&](const api::ObjectRef& o) { visit(static_cast<const T&>(*o)); });
  }
  std::size_t size(Watched kind) const { return at(kind).table.size(); }
  /// Grows with every change of this kind that matters: for results that are remembered.
  std::uint64_t version(Watched kind) const { return at(kind).version; }

 private:
  struct Set {
    api::ObjectTable table;
    std::uint64_t version = 0;
  };
  /// Index keys are not 0.
  static api::ObjectTable::IndexKey key_of(Symbol ns) {
    return std::uint64_t{ns.id()} + 1;
  }
  const Set& at(Watched kind) const { return sets_[static_cast<std::size_t>(kind)]; }

  std::array<Set, kKinds> sets_;
};

}  // namespace orrery::scheduler
