#include "core/controller/replicaset_controller.h"

#include "core/client/typed_client.h"
#include "core/controller/pod_ranking.h"
#include "core/controller/slow_start.h"

namespace orrery::controller {
namespace {

bool has_all(const api::LabelSet& labels, const api::LabelSet& wanted) {
  if (labels.same(wanted)) return true;
  for (const auto& [key, value] : wanted->entries()) {
    const Symbol* found = labels->find(key);
    if (!found || *found != value) return false;
  }
  return true;
}

}  // namespace

ReplicaSetController::ReplicaSetController(Env& env, Client& client, PodCache& pods,
                                           ReplicaSetCache& sets, Options options)
    : Reconciler(env, {"replicaset", 5}),
      client_(client),
      pods_(pods),
      sets_(sets),
      options_(options),
      events_(env, client, Symbol("replicaset-controller")),
      control_(env, client, events_, expectations_) {
  sets_.sets.on_change([this](const RsRef& old, const RsRef& now) { on_set(old, now); });
  pods_.pods.on_change([this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
    on_pod(old, now);
  });
}

void ReplicaSetController::on_set(const RsRef& old, const RsRef& now) {
  if (!now) {
    states_.erase(old->meta.uid);
    expectations_.forget(ObjectKey::of(*old));
    enqueue(ObjectKey::of(*old));
    return;
  }
  const auto [it, fresh] = states_.try_emplace(now->meta.uid);
  if (fresh) {
    it->second.key = ObjectKey::of(*now);
    it->second.compiled = compile(now->spec.selector);
  }
  // Also for a change of nothing but our own status: a pass that ran before the cache had it may
  // have found the older status right.
  enqueue(ObjectKey::of(*now));
}

ReplicaSetController::State* ReplicaSetController::state_of(const api::Pod& pod) {
  const api::OwnerReference* controller = api::controller_of(pod.meta);
  if (!controller || controller->kind != kind_) return nullptr;
  const auto it = states_.find(controller->uid);
  return it == states_.end() ? nullptr : &it->second;
}

PodTally ReplicaSetController::judge(State& state, const api::Pod& pod) {
  if (!state.memo_valid || !state.memo_labels.same(pod.meta.labels)) {
    state.memo_valid = true;
    state.memo_labels = pod.meta.labels;
    state.memo_selected = state.compiled.matches(*pod.meta.labels);
    state.memo_labeled = has_all(pod.meta.labels, state.template_labels);
  }
  return tally_of(pod, state.memo_selected, state.memo_labeled);
}

void ReplicaSetController::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  State* before = old ? state_of(*old) : nullptr;
  State* after = now ? state_of(*now) : nullptr;
  PodTally gone, come;
  if (before && before->counted) before->tally -= (gone = judge(*before, *old));
  if (after && after->counted) after->tally += (come = judge(*after, *now));

  if (after && now->meta.is_being_deleted()) {
    expectations_.deletion_observed(after->key, now->meta.uid);
  } else if (after && !old) {
    expectations_.creation_observed(after->key);
  }
  if (before && !now) expectations_.deletion_observed(before->key, old->meta.uid);

  if (before && before != after) enqueue(before->key);
  if (after) {
    if (before != after || !after->counted || gone.active != come.active ||
        gone.terminating != come.terminating || gone.unclaimed != come.unclaimed) {
      enqueue(after->key);
    } else if (gone != come || after->min_ready_seconds > 0) {
      enqueue_after(after->key, options_.status_batch);
    }
  } else if (now && !now->meta.is_being_deleted() && !api::controller_of(now->meta)) {
    on_orphan(old, *now);
  }
}

void ReplicaSetController::on_orphan(const Ref<const api::Pod>& old, const api::Pod& now) {
  const bool changed = !old || !(old->meta.labels == now.meta.labels) ||
                       !old->meta.owner_references.same(now.meta.owner_references);
  if (!changed || now.meta.labels.empty()) return;
  sets_.sets.for_each_in(
      sets_.by_namespace, symbol_index_key(now.meta.namespace_), [&](const api::ReplicaSet& rs) {
        const auto it = states_.find(rs.meta.uid);
        if (it == states_.end() || !it->second.compiled.matches(*now.meta.labels)) return;
        it->second.look_for_orphans = true;
        enqueue(it->second.key);
      });
}

void ReplicaSetController::recount(State& state, const api::ReplicaSet& rs) {
  const api::LabelSet& labels = rs.spec.template_.metadata.labels;
  if (state.counted && state.selector == rs.spec.selector && state.template_labels == labels) {
    return;
  }
  state.selector = rs.spec.selector;
  state.compiled = compile(rs.spec.selector);
  state.template_labels = labels;
  state.memo_valid = false;
  state.counted = true;
  state.look_for_orphans = true;
  state.tally = {};
  pods_.for_each_owned(rs.meta.uid,
                       [&](const api::Pod& pod) { state.tally += judge(state, pod); });
}

void ReplicaSetController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const RsRef rs = sets_.sets.find(key.namespace_, key.name.view());
  if (!rs) {
    expectations_.forget(key);
    return;
  }
  State& state = states_[rs->meta.uid];
  state.key = key;
  state.min_ready_seconds = rs->spec.min_ready_seconds;
  recount(state, *rs);
  if (claim(rs, state, pass)) return;  // the cache will tell what came of it
  manage(rs, state, pass);
}

bool ReplicaSetController::claim(const RsRef& rs, State& state, const PassRef& pass) {
  const bool deleting = rs->meta.is_being_deleted();
  bool wrote = false;
  if (state.tally.unclaimed > 0 && !deleting) {
    pods_.for_each_owned(rs->meta.uid, [&](const api::Pod& pod) {
      if (!is_active(pod)) return;
      if (decide_claim(pod.meta, rs->meta.uid, deleting, state.compiled) != Claim::kRelease) return;
      wrote = true;
      release(*rs, pod, pass);
    });
  }
  if (state.look_for_orphans && !deleting) {
    std::vector<Ref<const api::Pod>> orphans;
    pods_.pods.for_each_in(
        pods_.by_orphan_namespace, symbol_index_key(rs->meta.namespace_), [&](const api::Pod& pod) {
          if (!is_active(pod)) return;
          if (decide_claim(pod.meta, rs->meta.uid, deleting, state.compiled) == Claim::kAdopt) {
            orphans.push_back(Ref<const api::Pod>(&pod));
          }
        });
    if (orphans.empty()) {
      state.look_for_orphans = false;
    } else {
      wrote = true;
      adopt(rs, std::move(orphans), pass);
    }
  }
  return wrote;
}

void ReplicaSetController::adopt(const RsRef& rs, std::vector<Ref<const api::Pod>> orphans,
                                 const PassRef& pass) {
  // RecheckDeletionTimestamp: the cached owner may be on its way out.
  get<api::ReplicaSet>(
      client_, rs->meta.namespace_, rs->meta.name,
      [this, rs, orphans = std::move(orphans), pass](Result<Ref<const api::ReplicaSet>> live) {
        if (!live.ok()) {
          pass->fail(live.status());
          return;
        }
        if ((*live)->meta.uid != rs->meta.uid || (*live)->meta.is_being_deleted()) return;
        const api::OwnerReference reference = controller_reference(*rs, api_version_, kind_);
        for (const Ref<const api::Pod>& orphan : orphans) {
          Ref<api::Pod> pod = copy_of(orphan);
          pod->meta.owner_references = with_owner(pod->meta.owner_references, reference);
          update<api::Pod>(client_, pod, [pass](Result<Ref<const api::Pod>> answer) {
            if (!answer.ok() && !answer.status().is(Reason::kNotFound)) pass->fail(answer.status());
          });
        }
      });
}

void ReplicaSetController::release(const api::ReplicaSet& rs, const api::Pod& pod,
                                   const PassRef& pass) {
  Ref<api::Pod> freed(new api::Pod(pod));
  freed->meta.owner_references = without_owner(freed->meta.owner_references, rs.meta.uid);
  update<api::Pod>(client_, freed, [pass](Result<Ref<const api::Pod>> answer) {
    if (!answer.ok() && !answer.status().is(Reason::kNotFound)) pass->fail(answer.status());
  });
}

void ReplicaSetController::manage(const RsRef& rs, State& state, const PassRef& pass) {
  const std::int32_t difference = state.tally.active - rs->spec.replicas.value_or(1);
  if (difference == 0 || rs->meta.is_being_deleted() ||
      !expectations_.satisfied(state.key, env_.now())) {
    update_status(rs, {}, pass);
    return;
  }
  const EventSubject subject{rs, api_version_, kind_};
  const auto finished = [this, rs, difference, pass](Status error) {
    pass->fail(error);
    update_status(rs, {error, difference}, pass);
  };
  if (difference > 0) {
    const int count = std::min(difference, kBurstReplicas);
    control_.remove(subject, choose_victims(*rs, state, count), finished);
    return;
  }
  if (state.owners.empty()) {
    state.owners = with_owner({}, controller_reference(*rs, api_version_, kind_));
  }
  control_.create(subject, stamp_of(rs->spec.template_, *rs, state.owners),
                  std::min(-difference, kBurstReplicas), finished);
}

std::vector<Ref<const api::Pod>> ReplicaSetController::choose_victims(const api::ReplicaSet& rs,
                                                                      const State& state,
                                                                      int count) {
  // getIndirectlyRelatedPods: those of every set of the same owner count for a node's rank.
  std::unordered_map<std::uint32_t, int> on_node;  // lookup only
  const auto note = [&](const api::Pod& pod) {
    if (is_active(pod)) ++on_node[pod.node_name.id()];
  };
  if (const api::OwnerReference* owner = api::controller_of(rs.meta)) {
    for (const RsRef& related : sets_.owned(owner->uid)) {
      pods_.for_each_owned(related->meta.uid, note);
    }
  } else {
    pods_.for_each_owned(rs.meta.uid, note);
  }
  std::vector<RankedPod> ranked;
  pods_.for_each_owned(rs.meta.uid, [&](const api::Pod& pod) {
    if (is_active(pod) && state.compiled.matches(*pod.meta.labels)) {
      ranked.push_back({&pod, on_node[pod.node_name.id()]});
    }
  });
  if (ranked.size() > static_cast<std::size_t>(count)) sort_for_deletion(ranked, env_.now());
  std::vector<Ref<const api::Pod>> victims;
  for (const RankedPod& r : ranked) {
    if (victims.size() == static_cast<std::size_t>(count)) break;
    victims.push_back(Ref<const api::Pod>(r.pod));
  }
  return victims;
}

std::int32_t ReplicaSetController::count_available(const api::ReplicaSet& rs, const State& state,
                                                   const PassRef& pass) {
  const std::int32_t wanted = rs.spec.min_ready_seconds;
  if (wanted == 0) return state.tally.ready;
  std::int32_t available = 0;
  pods_.for_each_owned(rs.meta.uid, [&](const api::Pod& pod) {
    if (!is_active(pod) || !state.compiled.matches(*pod.meta.labels) || !api::is_ready(pod)) return;
    if (api::is_available(pod, wanted, env_.now())) {
      ++available;
      return;
    }
    const api::PodCondition* ready = api::find_condition(pod.status, "Ready");
    const Time due = ready->last_transition_time + std::chrono::seconds(wanted);
    pass->requeue_after(std::max<Duration>(due - env_.now(), 1ms));
  });
  return available;
}

void ReplicaSetController::update_status(const RsRef& synced, const ManageOutcome& outcome,
                                         const PassRef& pass) {
  // The newest cached object and counts: what the writes of this pass changed may be there already.
  const ObjectKey& key = pass->key();
  const RsRef rs = sets_.sets.find(key.namespace_, key.name.view());
  const auto it = states_.find(synced->meta.uid);
  if (!rs || rs->meta.uid != synced->meta.uid || it == states_.end()) return;
  const ReplicaSetCounts counts{it->second.tally, count_available(*rs, it->second, pass)};
  api::ReplicaSetStatus status =
      replicaset_status(*rs, synced->meta.generation, counts, outcome, env_.now());
  if (status == rs->status) return;
  Ref<api::ReplicaSet> copy = copy_of(rs);
  copy->status = std::move(status);
  orrery::update_status<api::ReplicaSet>(client_, copy,
                                         [pass](Result<Ref<const api::ReplicaSet>> answer) {
                                           if (answer.status().is(Reason::kNotFound)) return;
                                           pass->fail(answer.status());
                                         });
}

}  // namespace orrery::controller
