#include "core/controller/daemonset_controller.h"

#include <algorithm>
#include <map>

#include "core/client/typed_client.h"
#include "core/controller/owner_claim.h"
#include "core/controller/revision_history.h"

namespace orrery::controller {

DaemonSetController::DaemonSetController(Env& env, Client& client, Informers& informers,
                                         PodCache& pods, Options options)
    : Reconciler(env, {"daemonset", 2}),  // --concurrent-daemonset-syncs
      client_(client),
      pods_(pods),
      options_(options),
      events_(env, client, Symbol("daemonset-controller")),
      sets_(informers.get<api::DaemonSet>()),
      nodes_(informers.get<api::Node>()),
      revisions_(informers.get<api::ControllerRevision>()) {
  sets_.on_change([this](const SetRef& old, const SetRef& now) {
    const ObjectKey key = ObjectKey::of(now ? *now : *old);
    if (!now) expectations_.forget(key);
    enqueue(key);
  });
  nodes_.on_change([this](const Ref<const api::Node>& old, const Ref<const api::Node>& now) {
    on_node(old, now);
  });
  pods_.pods.on_change(
      [this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) { on_pod(old, now); });
  revisions_.on_change([this](const RevisionRef& old, const RevisionRef& now) {
    const api::OwnerReference* owner = api::controller_of((now ? *now : *old).meta);
    if (owner && owner->kind == kind_) enqueue({(now ? *now : *old).meta.namespace_, owner->name});
  });
}

void DaemonSetController::touch(const ObjectKey& key) {
  options_.batch > Duration{} ? enqueue_after(key, options_.batch) : enqueue(key);
}

void DaemonSetController::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const api::Pod& pod = now ? *now : *old;
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  if (!owner || owner->kind != kind_) return;
  const ObjectKey key{pod.meta.namespace_, owner->name};
  if (!old) expectations_.creation_observed(key);
  if (!now || now->meta.is_being_deleted()) expectations_.deletion_observed(key, pod.meta.uid);
  touch(key);
}

void DaemonSetController::on_node(const Ref<const api::Node>& old,
                                  const Ref<const api::Node>& now) {
  if (old && now && old->meta.labels == now->meta.labels && old->spec.taints == now->spec.taints) {
    return;
  }
  for (const SetRef& set : sets_.sorted()) {
    const api::Shared<api::PodSpec> spec = daemon_spec(set->spec.template_.spec);
    if (old && now) {
      const DaemonFit before = daemon_fit(*spec, *old), after = daemon_fit(*spec, *now);
      if (before.should_run == after.should_run &&
          before.should_continue == after.should_continue) {
        continue;
      }
    }
    touch(ObjectKey::of(*set));
  }
}

std::vector<DaemonNode> DaemonSetController::nodes_of(const api::DaemonSet& set,
                                                      const api::PodSpec& spec) {
  std::map<std::string_view, std::vector<Ref<const api::Pod>>> by_node;
  pods_.for_each_owned(set.meta.uid, [&](const api::Pod& pod) {
    by_node[target_node(pod)].push_back(Ref<const api::Pod>(&pod));
  });
  std::vector<DaemonNode> out;
  for (const Ref<const api::Node>& node : nodes_.sorted()) {
    DaemonNode entry{node->meta.name, daemon_fit(spec, *node), {}};
    const auto found = by_node.find(node->meta.name.view());
    if (found != by_node.end()) {
      entry.pods = found->second;
      std::sort(entry.pods.begin(), entry.pods.end(), [](const auto& a, const auto& b) {
        return a->meta.creation_timestamp != b->meta.creation_timestamp
                   ? a->meta.creation_timestamp < b->meta.creation_timestamp
                   : a->meta.name < b->meta.name;
      });
    }
    out.push_back(std::move(entry));
  }
  return out;
}

Symbol DaemonSetController::sync_history(const SetRef& set, const std::vector<DaemonNode>& nodes,
                                         const PassRef& pass) {
  static const Symbol kHash("controller-revision-hash");
  const Ref<api::ControllerRevision> wanted = daemon_revision(*set);
  std::vector<RevisionRef> owned;
  revisions_.for_each([&](const api::ControllerRevision& r) {
    const api::OwnerReference* owner = api::controller_of(r.meta);
    if (owner && owner->uid == set->meta.uid) owned.push_back(RevisionRef(&r));
  });
  sort_revisions(owned);
  const std::int64_t newest = owned.empty() ? 0 : owned.back()->revision;
  const auto failed = [pass](Result<RevisionRef> done) { pass->fail(done.status()); };
  const auto current = std::find_if(
      owned.begin(), owned.end(), [&](const RevisionRef& r) { return same_revision(*r, *wanted); });
  if (current == owned.end()) {
    wanted->revision = newest + 1;
    create<api::ControllerRevision>(client_, wanted, failed);
    return {};
  }
  const Symbol hash = (*current)->meta.labels.get(kHash);
  if ((*current)->revision < newest) {  // a rollback makes it the newest
    Ref<api::ControllerRevision> raised = copy_of(*current);
    raised->revision = newest + 1;
    update<api::ControllerRevision>(client_, raised, failed);
  }
  const auto live = [&](const RevisionRef& r) {
    if (r->meta.name == (*current)->meta.name) return true;
    for (const DaemonNode& node : nodes) {
      for (const auto& pod : node.pods) {
        if (pod->meta.labels.get(kHash) == r->meta.labels.get(kHash)) return true;
      }
    }
    return false;
  };
  std::erase_if(owned, live);
  trim_revisions(client_, owned, set->spec.revision_history_limit, pass);
  return hash;
}

void DaemonSetController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const SetRef set = sets_.find(key.namespace_, key.name.view());
  if (!set || !set->spec.selector || set->spec.selector->empty()) return;
  const api::Shared<api::PodSpec> spec = daemon_spec(set->spec.template_.spec);
  const std::vector<DaemonNode> nodes = nodes_of(*set, *spec);
  const Symbol hash = sync_history(set, nodes, pass);
  if (hash.empty()) return;  // the revision's event brings the key back
  if (!set->meta.is_being_deleted() && expectations_.satisfied(key, env_.now())) {
    std::int32_t desired = 0;
    for (const DaemonNode& node : nodes) desired += node.fit.should_run ? 1 : 0;
    DaemonPlan plan = plan_daemons(nodes, daemon_max_surge(*set, desired));
    hold_back_failed(key, plan, pass);
    if (plan.create.empty() && plan.remove.empty() &&
        set->spec.update_strategy_type == "RollingUpdate") {
      plan = plan_rollout(*set, nodes, hash, env_.now());
    }
    carry_out(set, std::move(plan), hash, pass);
  }
  write_status(set, nodes, hash, pass);
}

void DaemonSetController::hold_back_failed(const ObjectKey& key, DaemonPlan& plan,
                                           const PassRef& pass) {
  for (const Ref<const api::Pod>& pod : plan.failed) {
    const std::string name = key.str() + "/" + std::string(target_node(*pod));
    FailedPods& known = failed_[name];
    if (known.next > env_.now()) {
      pass->requeue_after(known.next - env_.now());
      std::erase(plan.remove, pod);
      continue;
    }
    known.delay = known.delay == Duration{}
                      ? options_.failed_backoff
                      : std::min(2 * known.delay, options_.failed_backoff_max);
    known.next = env_.now() + known.delay;
    const SetRef set = sets_.find(key.namespace_, key.name.view());
    const bool failed = pod->status.phase == "Failed";
    if (set) {
      tell(*set, failed, failed ? "FailedDaemonPod" : "SucceededDaemonPod",
           "Found " + std::string(failed ? "failed" : "succeeded") + " daemon pod " +
               api::key_of(*pod) + " on node " + std::string(target_node(*pod)) + ", will try to " +
               (failed ? "kill it" : "delete it"));
    }
  }
}

void DaemonSetController::carry_out(const SetRef& set, DaemonPlan plan, Symbol hash,
                                    const PassRef& pass) {
  const ObjectKey key = ObjectKey::of(*set);
  const auto burst = static_cast<std::size_t>(options_.burst_replicas);
  if (!plan.remove
           .empty()) {  // creations wait for the next sync: one kind of expectation at a time
    if (plan.remove.size() > burst) plan.remove.resize(burst);
    std::vector<Uid> expected;
    for (const auto& pod : plan.remove) expected.push_back(pod->meta.uid);
    expectations_.expect_deletions(key, expected, env_.now());
    for (const Ref<const api::Pod>& pod : plan.remove) {
      remove(client_, *pod, {}, [this, key, set, pod, pass](Status status) {
        if (status.ok()) {
          tell(*set, false, "SuccessfulDelete", "Deleted pod: " + pod->meta.name.str());
          return;
        }
        expectations_.deletion_observed(key, pod->meta.uid);
        if (!status.is(Reason::kNotFound)) pass->fail(status);
      });
    }
    return;
  }
  if (plan.create.size() > burst) plan.create.resize(burst);
  if (!plan.create.empty()) create_pods(set, plan.create, hash, pass);
}

void DaemonSetController::create_pods(const SetRef& set, const std::vector<Text>& nodes,
                                      Symbol hash, const PassRef& pass) {
  static const Symbol kHash("controller-revision-hash");
  const ObjectKey key = ObjectKey::of(*set);
  expectations_.expect_creations(key, static_cast<int>(nodes.size()), env_.now());
  const api::PodTemplateSpec& t = set->spec.template_;
  api::Labels labels = *t.metadata.labels;
  labels.set(kHash, hash);
  const api::LabelSet shared_labels(std::move(labels));
  const api::List<api::OwnerReference> owners = {controller_reference(*set, api_version_, kind_)};
  const api::Shared<api::PodSpec> spec = daemon_spec(t.spec);
  for (const Text& node : nodes) {
    auto pod = make_ref<api::Pod>();
    pod->meta.generate_name = Text(set->meta.name.str() + "-");
    pod->meta.namespace_ = set->meta.namespace_;
    pod->meta.labels = shared_labels;
    pod->meta.annotations = t.metadata.annotations;
    pod->meta.finalizers = t.metadata.finalizers;
    pod->meta.owner_references = owners;
    pod->spec = pinned_to(spec, node);
    create<api::Pod>(client_, pod, [this, key, set, pass](Result<Ref<const api::Pod>> made) {
      if (made.ok()) {
        tell(*set, false, "SuccessfulCreate", "Created pod: " + (*made)->meta.name.str());
        return;
      }
      expectations_.creation_observed(key);
      tell(*set, true, "FailedCreate", "Error creating: " + made.status().message());
      pass->fail(made.status());
    });
  }
}

void DaemonSetController::write_status(const SetRef& set, const std::vector<DaemonNode>& nodes,
                                       Symbol hash, const PassRef& pass) {
  api::DaemonSetStatus status = daemon_status(*set, nodes, hash, env_.now());
  if (set->spec.min_ready_seconds > 0 && status.number_ready != status.number_available) {
    pass->requeue_after(std::chrono::seconds(set->spec.min_ready_seconds));
  }
  if (status == set->status) return;
  Ref<api::DaemonSet> copy = copy_of(set);
  copy->status = std::move(status);
  update_status<api::DaemonSet>(client_, copy, [pass](Result<SetRef> done) {
    if (!done.status().is(Reason::kNotFound)) pass->fail(done.status());
  });
}

void DaemonSetController::tell(const api::Object& set, bool warning, std::string_view reason,
                               std::string message) {
  events_.event(set, api_version_, kind_, Symbol(warning ? "Warning" : "Normal"), Symbol(reason),
                Text(std::move(message)));
}

}  // namespace orrery::controller
