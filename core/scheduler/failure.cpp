// What becomes of a pod that could not be scheduled: its event, its condition PodScheduled=False
// and its place in the queue (upstream's handleSchedulingFailure).
#include <utility>

#include "core/client/typed_client.h"
#include "core/scheduler/post_filter.h"
#include "core/scheduler/scheduler.h"

namespace orrery::scheduler {

void Scheduler::on_unschedulable(QueuedPod queued, Placement placement) {
  static const Symbol kUnschedulable{"Unschedulable"};
  const Framework& f = *queued.framework;
  const FailedCycle cycle{f, placement.removable, placement.diagnosis->nodes_total};
  PostFilterResult result = run_post_filters(queued.pod, cycle);
  if (result.nominated && result.nominated->empty()) {
    cache_.forget_nomination(queued.pod->meta.uid);
  }
  queued.rejected_by = placement.diagnosis->plugins;
  // Pods of one class may differ in what the other plugins read of them.
  if (queued.rejected_by & f.members(Part::kClusterWide)) queued.class_id = 0;
  ++queued.unschedulable_count;
  unschedulable_.add();
  if (result.message.empty()) {
    fail(std::move(queued), kUnschedulable, fit_error_text(*placement.diagnosis),
         result.nominated);
  } else {
    Diagnosis diagnosis = *placement.diagnosis;
    diagnosis.post_filter_message = std::move(result.message);
    fail(std::move(queued), kUnschedulable, fit_error_text(diagnosis), result.nominated);
  }
  for (const Ref<const api::Pod>& pod : std::exchange(freed_in_attempt_, {})) on_room_freed(*pod);
}

void Scheduler::fail(QueuedPod queued, Symbol reason, const std::string& message,
                     std::optional<Symbol> nominated) {
  static const Symbol kV1{"v1"};
  static const Symbol kPod{"Pod"};
  static const Symbol kWarning{"Warning"};
  static const Symbol kFailedScheduling{"FailedScheduling"};
  // The cache of the informer is newer than what was popped; the pod may be gone or bound by
  // others.
  const Ref<const api::Pod> newest =
      pods_.find(queued.pod->meta.namespace_, queued.pod->meta.name.view());
  if (!newest || newest->meta.uid != queued.pod->meta.uid || !newest->node_name.empty() ||
      newest->meta.is_being_deleted()) {
    return;
  }
  queued.pod = newest;
  queue_.add_unschedulable(std::move(queued), env_.now());
  if (events_.is_enabled()) {
    events_.event(*newest, kV1, kPod, kWarning, kFailedScheduling, message);
  }
  write_condition(newest, reason, message, nominated);
}

void Scheduler::write_condition(const Ref<const api::Pod>& pod, Symbol reason,
                                const std::string& message, std::optional<Symbol> nominated) {
  static const Symbol kPodScheduled{"PodScheduled"};
  static const Symbol kFalse{"False"};
  const api::PodCondition* known = api::find_condition(pod->status, "PodScheduled");
  const bool same = known && known->status == kFalse && known->reason == reason &&
                    known->message.view() == message;
  if (same && (!nominated || *nominated == pod->status.nominated_node_name)) return;
  Ref<api::Pod> changed = copy_of(pod);
  api::PodCondition condition;
  condition.type = kPodScheduled;
  condition.status = kFalse;
  condition.reason = reason;
  condition.message = Text(message);
  condition.last_transition_time = known && known->status == kFalse
                                       ? known->last_transition_time
                                       : truncate_to_second(env_.now());
  if (known) condition.last_probe_time = known->last_probe_time;
  api::set_condition(changed->status, std::move(condition));
  if (nominated) changed->status.nominated_node_name = *nominated;
  // A conflict means that the pod just changed: if it still does not fit, the next attempt writes
  // it.
  update_status<api::Pod>(client_, changed, {});
}

}  // namespace orrery::scheduler
