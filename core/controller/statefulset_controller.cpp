#include "core/controller/statefulset_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"
#include "core/controller/owner_claim.h"
#include "core/controller/revision_history.h"
#include "core/controller/statefulset_pods.h"

namespace orrery::controller {

StatefulSetController::StatefulSetController(Env& env, Client& client, Informers& informers,
                                             PodCache& pods)
    : Reconciler(env, {"statefulset", 5}),  // --concurrent-statefulset-syncs
      client_(client),
      pods_(pods),
      events_(env, client, Symbol("statefulset-controller")),
      sets_(informers.get<api::StatefulSet>()),
      revisions_(informers.get<api::ControllerRevision>()) {
  sets_.on_change([this](const SetRef& old, const SetRef& now) {
    const ObjectKey key = ObjectKey::of(now ? *now : *old);
    if (!now) expectations_.forget(key);
    enqueue(key);
  });
  pods_.pods.on_change(
      [this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) { on_pod(old, now); });
  revisions_.on_change([this](const RevisionRef& old, const RevisionRef& now) {
    const api::Object& revision = now ? *now : *old;
    const api::OwnerReference* owner = api::controller_of(revision.meta);
    if (owner && owner->kind == kind_) enqueue({revision.meta.namespace_, owner->name});
  });
}

void StatefulSetController::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const api::Pod& pod = now ? *now : *old;
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  if (!owner || owner->kind != kind_) return;
  const ObjectKey key{pod.meta.namespace_, owner->name};
  if (!old) expectations_.creation_observed(key);
  if (!now || now->meta.is_being_deleted()) expectations_.deletion_observed(key, pod.meta.uid);
  enqueue(key);
}

StatefulSetController::Revisions StatefulSetController::sync_revisions(
    const SetRef& set, const std::vector<Ref<const api::Pod>>& pods, const PassRef& pass) {
  static const Symbol kHash("controller-revision-hash");
  const Ref<api::ControllerRevision> wanted =
      stateful_revision(*set, set->status.collision_count.value_or(0));
  std::vector<RevisionRef> owned;
  revisions_.for_each([&](const api::ControllerRevision& r) {
    const api::OwnerReference* owner = api::controller_of(r.meta);
    if (owner && owner->uid == set->meta.uid) owned.push_back(RevisionRef(&r));
  });
  sort_revisions(owned);
  const auto answered = [pass](Result<RevisionRef> done) { pass->fail(done.status()); };
  const std::int64_t newest = owned.empty() ? 0 : owned.back()->revision;
  Revisions out;
  for (const RevisionRef& r : owned) {
    if (same_revision(*r, *wanted)) out.update = r;
    if (r->meta.name == set->status.current_revision) out.current = r;
  }
  if (!out.update) {
    wanted->revision = newest + 1;
    create<api::ControllerRevision>(client_, wanted, answered);
    return {};
  }
  if (out.update->revision < newest) {  // a rollback
    Ref<api::ControllerRevision> raised = copy_of(out.update);
    raised->revision = newest + 1;
    update<api::ControllerRevision>(client_, raised, answered);
  }
  if (!out.current) out.current = out.update;
  // truncateHistory: those that no pod and no status names.
  std::erase_if(owned, [&](const RevisionRef& r) {
    return r == out.current || r == out.update ||
           std::any_of(pods.begin(), pods.end(), [&](const auto& pod) {
             return pod->meta.labels.get(kHash) == r->meta.name.view();
           });
  });
  trim_revisions(client_, owned, set->spec.revision_history_limit, pass);
  return out;
}

void StatefulSetController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const SetRef set = sets_.find(key.namespace_, key.name.view());
  if (!set) return;
  std::vector<Ref<const api::Pod>> pods;
  pods_.for_each_owned(set->meta.uid, [&](const api::Pod& pod) {
    if (ordinal_of(*set, pod)) pods.push_back(Ref<const api::Pod>(&pod));
  });
  const Revisions revisions = sync_revisions(set, pods, pass);
  if (!revisions.update) return;  // the revision's event brings the key back
  const Text current = revisions.current->meta.name;
  const Text update = revisions.update->meta.name;
  if (expectations_.satisfied(key, env_.now())) {
    const StatefulPlan plan = plan_stateful(*set, pods, current, update, env_.now());
    if (plan.look_again) pass->requeue_after(*plan.look_again);
    if (!plan.remove.empty()) {
      remove_pods(set, plan.remove, pass);
    } else if (!plan.create.empty()) {
      create_pods(set, revisions, plan.create, pass);
    }
  }
  api::StatefulSetStatus status = stateful_status(*set, pods, current, update, env_.now());
  if (status == set->status) return;
  Ref<api::StatefulSet> changed = copy_of(set);
  changed->status = std::move(status);
  update_status<api::StatefulSet>(client_, changed, [pass](Result<SetRef> done) {
    if (!done.status().is(Reason::kNotFound)) pass->fail(done.status());
  });
}

void StatefulSetController::create_pods(const SetRef& set, const Revisions& revisions,
                                        const std::vector<StatefulPlan::Create>& wanted,
                                        const PassRef& pass) {
  expectations_.expect_creations(ObjectKey::of(*set), static_cast<int>(wanted.size()), env_.now());
  for (const StatefulPlan::Create& one : wanted) {
    const RevisionRef& revision = one.updated ? revisions.update : revisions.current;
    const Ref<const api::Pod> pod = stateful_pod(
        *set, one.updated ? set->spec.template_ : template_of(*revision, set->spec.template_),
        revision->meta.name, one.ordinal);
    std::vector<Request> claims = claim_requests(*set, one.ordinal);
    auto waiting = std::make_shared<std::size_t>(claims.size());
    for (Request& request : claims) {
      client_.call(std::move(request), [this, set, pod, pass, waiting](Response answer) {
        if (!answer.status.ok() && !answer.status.is(Reason::kAlreadyExists)) {
          pass->fail(answer.status);
        }
        if (--*waiting == 0) create_pod(set, pod, pass);
      });
    }
    if (claims.empty()) create_pod(set, pod, pass);
  }
}

void StatefulSetController::create_pod(const SetRef& set, const Ref<const api::Pod>& pod,
                                       const PassRef& pass) {
  create<api::Pod>(client_, pod, [this, set, pod, pass](Result<Ref<const api::Pod>> made) {
    tell(*set, "create", pod->meta.name.view(), made.status());
    if (made.ok()) return;
    expectations_.creation_observed(ObjectKey::of(*set));
    pass->fail(made.status());
  });
}

void StatefulSetController::remove_pods(const SetRef& set,
                                        const std::vector<Ref<const api::Pod>>& pods,
                                        const PassRef& pass) {
  std::vector<Uid> expected;
  for (const auto& pod : pods) expected.push_back(pod->meta.uid);
  expectations_.expect_deletions(ObjectKey::of(*set), expected, env_.now());
  for (const Ref<const api::Pod>& pod : pods) {
    remove(client_, *pod, {}, [this, set, pod, pass](Status status) {
      if (!status.is(Reason::kNotFound)) tell(*set, "delete", pod->meta.name.view(), status);
      if (status.ok()) return;
      expectations_.deletion_observed(ObjectKey::of(*set), pod->meta.uid);
      if (!status.is(Reason::kNotFound)) pass->fail(status);
    });
  }
}

// recordPodEvent.
void StatefulSetController::tell(const api::Object& set, std::string_view verb,
                                 std::string_view pod, const Status& why) {
  const std::string title = verb == "create" ? "Create" : "Delete";
  std::string message =
      std::string(verb) + " Pod " + std::string(pod) + " in StatefulSet " + set.meta.name.str();
  message += why.ok() ? " successful" : " failed error: " + why.message();
  events_.event(set, api_version_, kind_, Symbol(why.ok() ? "Normal" : "Warning"),
                Symbol((why.ok() ? "Successful" : "Failed") + title), Text(std::move(message)));
}

}  // namespace orrery::controller
