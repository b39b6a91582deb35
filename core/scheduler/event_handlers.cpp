// What the scheduler does with changes that informers tell (upstream's eventhandlers.go).
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

}  // namespace

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

void Scheduler::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const bool assigned = is_assigned(now);
  if (assigned || is_assigned(old)) {
    on_assigned_pod(old, now);
    return;
  }
  if (now && now->node_name.empty() && !api::is_terminal(*now)) {
    on_pending_pod(now);
  } else if (old) {
    queue_.remove(old->meta.uid);
  }
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
    return;
  }
  queue_.add(now, *f, env_.now());
  wake();
}

}  // namespace orrery::scheduler
