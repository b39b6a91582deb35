#include "core/scheduler/cluster_objects.h"

#include "core/api/apps.h"
#include "core/api/service.h"

namespace orrery::scheduler {
namespace {

template <class T>
bool same_selector(const api::Object& a, const api::Object& b) {
  return static_cast<const T&>(a).spec.selector == static_cast<const T&>(b).spec.selector;
}

/// Whether plugins read something that differs; workloads write their status all the time.
bool differs(Watched kind, const api::Object& a, const api::Object& b) {
  switch (kind) {
    case Watched::kNamespace:
      return !(a.meta.labels == b.meta.labels);
    case Watched::kService:
      return !same_selector<api::Service>(a, b);
    case Watched::kReplicaSet:
      return !same_selector<api::ReplicaSet>(a, b);
    case Watched::kStatefulSet:
      return !same_selector<api::StatefulSet>(a, b);
    default:
      return true;
  }
}

}  // namespace

ClusterObjects::ClusterObjects() {
  for (Set& set : sets_) {
    set.table.add_index([](const api::Object& o) { return key_of(o.meta.namespace_); });
  }
}

bool ClusterObjects::change(Watched kind, const api::ObjectRef& old, const api::ObjectRef& now) {
  Set& set = sets_[static_cast<std::size_t>(kind)];
  if (now) {
    set.table.put(now);
  } else if (old) {
    set.table.remove(old->meta.namespace_, old->meta.name.view());
  }
  const bool matters = !old || !now || differs(kind, *old, *now);
  set.version += matters;
  return matters;
}

}  // namespace orrery::scheduler
