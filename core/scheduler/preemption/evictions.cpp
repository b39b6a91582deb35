#include "core/scheduler/preemption/evictions.h"

#include <nlohmann/json.hpp>

#include "core/client/event_recorder.h"
#include "core/client/typed_client.h"
#include "core/scheduler/cache.h"

namespace orrery::scheduler {
namespace {

using nlohmann::json;

api::PodCondition disruption_target(const api::Pod& for_pod, Time now) {
  api::PodCondition condition;
  condition.type = Symbol("DisruptionTarget");
  condition.status = Symbol("True");
  condition.reason = Symbol("PreemptionByScheduler");
  condition.message = Text(for_pod.spec->scheduler_name.str() +
                           ": preempting to accommodate a higher priority pod");
  condition.last_transition_time = truncate_to_second(now);
  return condition;
}

json as_json(const api::PodCondition& c) {
  return {{"type", c.type.str()},
          {"status", c.status.str()},
          {"reason", c.reason.str()},
          {"message", c.message.str()},
          {"lastTransitionTime", format_rfc3339(c.last_transition_time)}};
}

/// Writes the condition, then calls `then`. An update is cheap, but fails if the pod changed
/// meanwhile; then a patch does it.
void mark(Client& client, const Ref<const api::Pod>& victim, const api::PodCondition& condition,
          Callback<void()> then) {
  Ref<api::Pod> marked = copy_of(victim);
  api::set_condition(marked->status, condition);
  update_status<api::Pod>(
      client, Ref<const api::Pod>(marked),
      [&client, victim, condition, then = std::move(then)](
          const Result<Ref<const api::Pod>>& written) mutable {
        if (written.ok()) return then();
        const json status{{"status", {{"conditions", json::array({as_json(condition)})}}}};
        patch(client, *victim, PatchType::kStrategic, api::RawRef(status), Subresource::kStatus,
              [then = std::move(then)](Response) mutable { then(); });
      });
}

}  // namespace

bool Evictions::is_going(const api::Pod& pod) const {
  if (on_their_way_->contains(pod.meta.uid)) return true;
  if (!pod.meta.is_being_deleted()) return false;
  const api::PodCondition* c = api::find_condition(pod.status, "DisruptionTarget");
  return c && c->status == "True" && c->reason == "PreemptionByScheduler";
}

void Evictions::tell(const api::Pod& victim, const api::Pod& for_pod, Symbol node) {
  if (!context_.events || !context_.events->is_enabled()) return;
  context_.events->event(
      victim, Symbol("v1"), Symbol("Pod"), Symbol("Normal"), Symbol("Preempted"),
      "Preempted by pod " + for_pod.meta.uid.str() + " on node " + node.str());
}

void Evictions::evict(const Ref<const api::Pod>& victim, const api::Pod& for_pod, Symbol node) {
  const Uid uid = victim->meta.uid;
  if (context_.waiting && context_.waiting->reject_waiting(uid, "preempted")) {
    tell(*victim, for_pod, node);
    return;
  }
  std::erase_if(*on_their_way_, [&](const Uid& u) { return !context_.cache.knows_pod(u); });
  if (victim->meta.is_being_deleted() || !on_their_way_->insert(uid).second) return;
  tell(*victim, for_pod, node);
  mark(context_.client, victim, disruption_target(for_pod, context_.env.now()),
       [client = &context_.client, victim, going = on_their_way_] {
         remove(*client, *victim, {}, [going, uid = victim->meta.uid](Status status) {
           if (!status.ok()) going->erase(uid);
         });
       });
}

void Evictions::withdraw_nomination(const Ref<const api::Pod>& pod) {
  const Ref<const api::Pod> kept = pod;  // the cache may hold the only other reference
  context_.cache.forget_nomination(kept->meta.uid);
  patch(context_.client, *kept, PatchType::kMerge,
        api::RawRef(json{{"status", {{"nominatedNodeName", nullptr}}}}), Subresource::kStatus, {});
}

}  // namespace orrery::scheduler
