// What the scheduler does with changes that informers tell (upstream's eventhandlers.go).
#include "core/api/kind_registry.h"
#include "core/scheduler/scheduler.h"

namespace orrery::scheduler {
namespace {

/// Counted on a node: bound and not over.
bool is_assigned(const Ref<const api::Pod>& pod) {
  return pod && !pod->node_name.empty() && !api::is_terminal(*pod);
}

EventMask changes(const api::Node& old, const api::Node& now) {
  EventMask kinds = 0;
  if (!(old.status.allocatable == now.status.allocatable)) kinds |= events::kNodeAllocatable;
  if (!(old.meta.labels == now.meta.labels)) kinds |= events::kNodeLabel;
  if (!(old.spec.taints == now.spec.taints) || old.spec.unschedulable != now.spec.unschedulable) {
    kinds |= events::kNodeTaint;
  }
  if (!(old.meta.annotations == now.meta.annotations)) kinds |= events::kNodeAnnotation;
  if (old.status.conditions.same(now.status.conditions)) return kinds;
  // Heartbeats are no news.
  for (const api::NodeCondition& c : now.status.conditions) {
    const api::NodeCondition* before = api::find_condition(old.status, c.type.view());
    if (!before || before->status != c.status) kinds |= events::kNodeCondition;
  }
  return kinds;
}

/// A kind that plugins read, and the event that a change of it is; 0: no pod waits for it.
struct WatchedKind {
  Watched kind;
  api::KindId id;  // kNone: found by api_version and name
  EventMask event = 0;
  const char* api_version = "";
  const char* name = "";
};

constexpr api::KindId kDynamic = api::KindId::kNone;
constexpr WatchedKind kWatchedKinds[] = {
    {Watched::kNamespace, api::KindId::kNamespace, events::kNamespace},
    {Watched::kService, api::KindId::kService, events::kService},
    {Watched::kReplicaSet, api::KindId::kReplicaSet},
    {Watched::kStatefulSet, api::KindId::kStatefulSet},
    {Watched::kPersistentVolume, api::KindId::kPersistentVolume, events::kPersistentVolume},
    {Watched::kPersistentVolumeClaim, api::KindId::kPersistentVolumeClaim,
     events::kPersistentVolumeClaim},
    {Watched::kStorageClass, api::KindId::kStorageClass, events::kStorageClass},
    {Watched::kPodDisruptionBudget, api::KindId::kPodDisruptionBudget},
    {Watched::kReplicationController, kDynamic, 0, "v1", "ReplicationController"},
    {Watched::kCsiNode, kDynamic, events::kCsiNode, "storage.k8s.io/v1", "CSINode"},
    {Watched::kCsiDriver, kDynamic, events::kCsiDriver, "storage.k8s.io/v1", "CSIDriver"},
    {Watched::kVolumeAttachment, kDynamic, events::kVolumeAttachment, "storage.k8s.io/v1",
     "VolumeAttachment"},
    {Watched::kPodGroup, kDynamic, 0, "scheduling.k8s.io/v1alpha2", "PodGroup"},
    {Watched::kCoschedulingPodGroup, kDynamic, 0, "scheduling.x-k8s.io/v1alpha1", "PodGroup"},
    {Watched::kCsiStorageCapacity, kDynamic, events::kCsiStorageCapacity, "storage.k8s.io/v1",
     "CSIStorageCapacity"},
};

}  // namespace

void Scheduler::watch_objects() {
  for (const WatchedKind& watched : kWatchedKinds) {
    api::KindId id = watched.id;
    if (id == kDynamic) {
      const api::KindInfo* info =
          config_.kinds ? config_.kinds->find(watched.api_version, watched.name) : nullptr;
      if (!info) continue;
      id = info->id;
    }
    informers_.of(id).add_handler(
        [this, &watched](const api::ObjectRef& old, const api::ObjectRef& now) {
          on_object(watched.kind, watched.event, old, now);
        });
  }
}

void Scheduler::on_object(Watched kind, EventMask event_kind, const api::ObjectRef& old,
                          const api::ObjectRef& now) {
  if (!cache_.on_object(kind, old, now)) return;
  if (now && (kind == Watched::kPodGroup || kind == Watched::kCoschedulingPodGroup)) {
    retry_gang({now->meta.namespace_, Symbol(now->meta.name.view())});
  }
  if (event_kind == 0 || queue_.unschedulable() == 0) return;
  ClusterEvent event;
  event.kinds = event_kind;
  event.old_object = old.get();
  event.object = now.get();
  queue_.on_event(event, env_.now());
  wake();
}

void Scheduler::on_node(const Ref<const api::Node>& old, const Ref<const api::Node>& now) {
  ClusterEvent event;
  event.old_node = old.get();
  event.node = now.get();
  if (!now) {
    cache_.remove_node(Symbol(old->meta.name.view()));
    event.kinds = events::kNodeDelete;
    event.node = old.get();
    event.old_node = nullptr;
  } else if (!old) {
    cache_.add_node(now);
    event.kinds = events::kNodeAdd;
  } else {
    cache_.update_node(now);
    if (queue_.unschedulable() == 0) return;
    event.kinds = changes(*old, *now);
  }
  if (event.kinds == 0 || queue_.unschedulable() == 0) return;
  queue_.on_event(event, env_.now());
  wake();
}

/// A pod that others took to be on a node, or to have room there, no longer has.
void Scheduler::on_room_freed(const api::Pod& pod) {
  if (queue_.unschedulable() == 0) return;
  ClusterEvent event;
  event.kinds = events::kAssignedPodDelete;
  event.old_pod = &pod;
  queue_.on_event(event, env_.now());
  wake();
}

void Scheduler::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const GangKey gang = cache_.gangs().on_pod(old.get(), now.get());
  if (gang.is_set() && now && !old) retry_gang(gang);
  const bool assigned = is_assigned(now);
  if (assigned || is_assigned(old)) {
    on_assigned_pod(old, now);
    return;
  }
  const Symbol room = old ? cache_.nominated_node(old->meta.uid) : Symbol();
  if (now && now->node_name.empty() && !api::is_terminal(*now)) {
    if (old && !old->status.nominated_node_name.empty() &&
        now->status.nominated_node_name.empty()) {
      cache_.forget_nomination(now->meta.uid);
    }
    on_pending_pod(now);
  } else if (old) {
    cache_.forget_nomination(old->meta.uid);
    queue_.remove(old->meta.uid);
    reject_waiting(old->meta.uid, "the pod is gone");
  }
  if (!room.empty() && cache_.nominated_node(old->meta.uid) != room) on_room_freed(*old);
}

void Scheduler::on_assigned_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const bool was = is_assigned(old);
  ClusterEvent event;
  if (!is_assigned(now)) {
    cache_.remove_pod(old->meta.uid);
    event.kinds = events::kAssignedPodDelete;
    event.old_pod = old.get();
  } else {
    cache_.add_pod(now);
    event.pod = now.get();
    if (!was) {
      queue_.remove(now->meta.uid);
      cache_.forget_nomination(now->meta.uid);
      event.kinds = events::kAssignedPodAdd;
    } else {
      event.old_pod = old.get();
      if (!(old->meta.labels == now->meta.labels)) event.kinds |= events::kAssignedPodLabel;
      if (!old->spec.same(now->spec) && !(old->spec == now->spec)) {
        event.kinds |= events::kAssignedPodScaleDown;
      }
    }
  }
  if (event.kinds == 0 || queue_.unschedulable() == 0) return;
  queue_.on_event(event, env_.now());
  wake();
}

void Scheduler::on_pending_pod(const Ref<const api::Pod>& now) {
  if (cache_.is_assumed(now->meta.uid)) return;  // its binding is on its way
  const Framework* f = now->spec ? framework(now->spec->scheduler_name) : nullptr;
  if (!f || now->meta.is_being_deleted()) {
    queue_.remove(now->meta.uid);
    cache_.forget_nomination(now->meta.uid);
    return;
  }
  if (!now->status.nominated_node_name.empty()) {
    cache_.nominate(now, now->status.nominated_node_name);
  }
  queue_.add(now, *f, env_.now());
  wake();
}

}  // namespace orrery::scheduler
