// The binding cycle: Reserve, Permit, PreBind, Bind, PostBind for a pod that has its node
// (upstream's schedule_one.go, bindingCycle). The pod counts on its node from the start; what fails
// takes it back.
#include <algorithm>

#include "core/base/check.h"
#include "core/scheduler/scheduler.h"

namespace orrery::scheduler {

void Scheduler::begin_binding(QueuedPod queued, Placement placement) {
  cache_.assume(queued.pod, placement.node,
                queued.framework->devices_for(*queued.pod, cache_.node(placement.node)));
  cache_.forget_nomination(queued.pod->meta.uid);
  std::uint32_t slot;
  if (free_bindings_.empty()) {
    slot = static_cast<std::uint32_t>(bindings_.size());
    bindings_.emplace_back();
  } else {
    slot = free_bindings_.back();
    free_bindings_.pop_back();
  }
  Binding& binding = bindings_[slot];
  binding = Binding{};
  // The slot in the low half finds it; the sequence in the high half tells late answers apart.
  binding.id = (++binding_sequence_ << 32) | slot;
  binding.queued = std::move(queued);
  binding.node = cache_.table().row(placement.node).name;
  binding.state = std::move(placement.state);
  binding.gang_attempt = gang_attempt_;
  const Framework& f = *binding.queued.framework;
  if (!binding.state) binding.state = std::make_unique<CycleState>();
  for (ReservePlugin* plugin : f.reserves()) {
    const Verdict verdict =
        plugin->reserve(*binding.state, *binding.queued.pod, cache_.node(placement.node));
    if (verdict.ok()) continue;
    abandon_binding(binding, verdict, message_of(verdict));
    return;
  }
  Duration wait{};
  for (PermitPlugin* plugin : f.permits()) {
    Duration timeout{};
    const Verdict verdict =
        plugin->permit(*binding.state, *binding.queued.pod, binding.node, timeout);
    if (verdict.code == Code::kWait) {
      wait = binding.waiting ? std::min(wait, timeout) : timeout;
      binding.waiting = true;
      binding.waits_for = f.number_of(plugin);
    } else if (!verdict.ok()) {
      abandon_binding(binding, verdict, message_of(verdict));
      return;
    }
  }
  if (!binding.waiting) {
    continue_binding(binding);
    return;
  }
  binding.permit_timeout =
      env_.loop.after(wait, [this, alive = alive_, uid = binding.queued.pod->meta.uid] {
        if (*alive) reject_waiting(uid, "timed out while waiting on permit");
      });
}

void Scheduler::continue_binding(Binding& binding) {
  CycleState& state = *binding.state;
  const Framework& f = *binding.queued.framework;
  const Completion done{this, binding.id};
  while (binding.next_pre_bind < f.pre_binds().size()) {
    PreBindPlugin* plugin = f.pre_binds()[binding.next_pre_bind++];
    if (plugin->pre_bind(state, binding.queued.pod, binding.node, done)) return;
  }
  if (extenders_ && binding.next_bind == 0 &&
      extenders_->bind(binding.queued.pod, binding.node, done)) {
    binding.next_bind = f.binds().size() + 1;
    return;
  }
  while (binding.next_bind < f.binds().size()) {
    BindPlugin* plugin = f.binds()[binding.next_bind++];
    if (plugin->bind(state, binding.queued.pod, binding.node, done)) {
      binding.next_bind = f.binds().size() + 1;  // it answers for the binding itself
      return;
    }
  }
  abandon_binding(binding, {Code::kError}, "no bind plugin handles this pod");
}

void Scheduler::complete(std::uint64_t id, Verdict verdict, std::string message) {
  Binding* binding = find_binding(id);
  if (!binding) return;
  if (!verdict.ok()) {
    if (message.empty()) message = message_of(verdict);
    const bool at_bind = binding->next_bind > binding->queued.framework->binds().size();
    abandon_binding(*binding, verdict,
                    at_bind ? "binding rejected: " + message : std::move(message));
  } else if (binding->next_bind > binding->queued.framework->binds().size()) {
    finish_binding(*binding);
  } else {
    continue_binding(*binding);
  }
}

void Scheduler::finish_binding(Binding& binding) {
  static const Symbol kV1{"v1"};
  static const Symbol kPod{"Pod"};
  static const Symbol kNormal{"Normal"};
  static const Symbol kScheduled{"Scheduled"};
  const api::Pod& pod = *binding.queued.pod;
  cache_.finish_binding(pod.meta.uid);
  scheduled_.add();
  for (PostBindPlugin* plugin : binding.queued.framework->post_binds()) {
    plugin->post_bind(*binding.state, pod, binding.node);
  }
  if (events_.is_enabled()) {
    events_.event(pod, kV1, kPod, kNormal, kScheduled,
                  "Successfully assigned " + api::key_of(pod) + " to " + binding.node.str());
  }
  free_binding(binding);
}

void Scheduler::abandon_binding(Binding& binding, const Verdict& verdict, std::string message) {
  QueuedPod queued = std::move(binding.queued);
  binding.waiting = false;
  // In the attempt that placed it, nobody but its gang has seen the room taken.
  const bool was_seen = binding.gang_attempt == 0 || binding.gang_attempt != gang_attempt_;
  const Framework& f = *queued.framework;
  for (std::size_t i = f.reserves().size(); i-- > 0;) {
    f.reserves()[i]->unreserve(*binding.state, *queued.pod, binding.node);
  }
  free_binding(binding);
  cache_.forget(queued.pod->meta.uid);
  LOG(env_.log, kDebug, "binding abandoned", {"pod", api::key_of(*queued.pod)}, {"why", message});
  // What the pod held is free again: as if it had been deleted.
  if (was_seen) {
    on_room_freed(*queued.pod);
    freed_in_attempt_.push_back(queued.pod);
  }
  queued.class_id = 0;  // why it was turned away is its own affair
  const bool rejected = verdict.rejects() && verdict.plugin >= 0;
  if (rejected) {
    queued.rejected_by = std::uint64_t{1} << verdict.plugin;
    ++queued.unschedulable_count;
    unschedulable_.add();
  } else {
    queued.rejected_by = 0;
    ++queued.error_count;
    errors_.add();
  }
  // Its nomination has served.
  fail(std::move(queued), Symbol(rejected ? "Unschedulable" : "SchedulerError"), message,
       Symbol());
  wake();
}

Scheduler::Binding* Scheduler::find_binding(std::uint64_t id) {
  const auto slot = static_cast<std::size_t>(id & 0xffffffff);
  return slot < bindings_.size() && bindings_[slot].id == id ? &bindings_[slot] : nullptr;
}

Scheduler::Binding* Scheduler::find_waiting(const Uid& uid) {
  for (Binding& b : bindings_) {
    if (b.id != 0 && b.waiting && b.queued.pod->meta.uid == uid) return &b;
  }
  return nullptr;
}

void Scheduler::free_binding(Binding& binding) {
  env_.loop.cancel(binding.permit_timeout);
  free_bindings_.push_back(static_cast<std::uint32_t>(&binding - bindings_.data()));
  binding = Binding{};
}

bool Scheduler::allow_waiting(const Uid& uid) {
  Binding* binding = find_waiting(uid);
  if (!binding) return false;
  binding->waiting = false;
  env_.loop.cancel(binding->permit_timeout);
  continue_binding(*binding);
  return true;
}

bool Scheduler::reject_waiting(const Uid& uid, std::string why) {
  Binding* binding = find_waiting(uid);
  if (!binding) return false;
  abandon_binding(*binding, {Code::kUnschedulable, {}, binding->waits_for}, std::move(why));
  return true;
}

void Scheduler::allow_later(const Uid& uid) {
  if (!find_waiting(uid)) return;
  env_.loop.post([this, alive = alive_, uid] {
    if (*alive) allow_waiting(uid);
  });
}

}  // namespace orrery::scheduler
