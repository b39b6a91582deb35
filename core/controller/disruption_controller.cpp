#include "core/controller/disruption_controller.h"

#include <algorithm>
#include <set>

#include "core/api/apps.h"
#include "core/client/typed_client.h"
#include "core/controller/owner_claim.h"

namespace orrery::controller {

api::PodDisruptionBudgetStatus budget_status(const api::PodDisruptionBudget& budget,
                                             const BudgetCounts& counts, Time now) {
  api::PodDisruptionBudgetStatus out = budget.status;
  out.observed_generation = budget.meta.generation;
  out.current_healthy = counts.healthy;
  out.desired_healthy = counts.desired;
  out.expected_pods = counts.expected;
  out.disruptions_allowed = counts.expected > 0 ? std::max(0, counts.healthy - counts.desired) : 0;
  api::MetaCondition condition;
  condition.type = Symbol("DisruptionAllowed");
  condition.status = Symbol(out.disruptions_allowed > 0 ? "True" : "False");
  condition.reason = Symbol(out.disruptions_allowed > 0 ? "SufficientPods" : "InsufficientPods");
  condition.observed_generation = budget.meta.generation;
  condition.last_transition_time = truncate_to_second(now);
  for (const api::MetaCondition& c : budget.status.conditions) {
    if (c.type == condition.type && c.status == condition.status) {
      condition.last_transition_time = c.last_transition_time;
    }
  }
  out.conditions = {condition};
  return out;
}

DisruptionController::DisruptionController(Env& env, Client& client, Informers& informers,
                                           PodCache& pods)
    : Reconciler(env, {"disruption", 1}),
      client_(client),
      pods_(pods),
      events_(env, client, Symbol("controllermanager")),
      budgets_(informers.get<api::PodDisruptionBudget>()),
      informers_(informers) {
  informers.get<api::ReplicaSet>();  // scales are read from these caches
  informers.get<api::Deployment>();
  informers.get<api::StatefulSet>();
  budgets_.on_change([this](const BudgetRef& old, const BudgetRef& now) {
    if (now &&
        (!old || !(old->status == now->status) || old->meta.generation != now->meta.generation)) {
      enqueue(ObjectKey::of(*now));
    }
  });
  pods_.pods.on_change([this](const PodRef& old, const PodRef& now) { on_pod(old, now); });
}

void DisruptionController::on_pod(const PodRef& old, const PodRef& now) {
  if (budgets_.size() == 0) return;
  if (old && now && api::is_ready(*old) == api::is_ready(*now) &&
      old->meta.is_being_deleted() == now->meta.is_being_deleted() &&
      old->status.phase == now->status.phase && old->meta.labels == now->meta.labels) {
    return;
  }
  for (const BudgetRef& budget : budgets_.sorted()) {
    if (budget->meta.namespace_ != (now ? now : old)->meta.namespace_) continue;
    const api::Selector selector = compile(budget->spec.selector);
    if ((now && selector.matches(*now->meta.labels)) ||
        (old && selector.matches(*old->meta.labels))) {
      enqueue(ObjectKey::of(*budget));
    }
  }
}

std::int32_t DisruptionController::scale_of(Symbol ns, const api::OwnerReference& owner) const {
  if (owner.kind == "StatefulSet") {
    const auto set = informers_.get<api::StatefulSet>().find(ns, owner.name.view());
    return set && set->meta.uid == owner.uid ? set->spec.replicas.value_or(1) : 0;
  }
  if (!(owner.kind == "ReplicaSet")) return 0;
  const auto set = informers_.get<api::ReplicaSet>().find(ns, owner.name.view());
  if (!set || set->meta.uid != owner.uid) return 0;
  const api::OwnerReference* above = api::controller_of(set->meta);
  if (!above || !(above->kind == "Deployment")) return set->spec.replicas.value_or(1);
  const auto deployment = informers_.get<api::Deployment>().find(ns, above->name.view());
  return deployment && deployment->meta.uid == above->uid ? deployment->spec.replicas.value_or(1)
                                                          : 0;
}

std::int32_t DisruptionController::expected_scale(const std::vector<PodRef>& pods) const {
  std::set<Uid> seen;
  std::int32_t out = 0;
  for (const PodRef& pod : pods) {
    const api::OwnerReference* owner = api::controller_of(pod->meta);
    if (!owner) continue;
    Uid root = owner->uid;  // a Deployment's sets are one scale
    if (owner->kind == "ReplicaSet") {
      const auto set =
          informers_.get<api::ReplicaSet>().find(pod->meta.namespace_, owner->name.view());
      const api::OwnerReference* above = set ? api::controller_of(set->meta) : nullptr;
      if (above) root = above->uid;
    }
    if (seen.insert(root).second) out += scale_of(pod->meta.namespace_, *owner);
  }
  return out;
}

void DisruptionController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const BudgetRef budget = budgets_.find(key.namespace_, key.name.view());
  if (!budget) return;
  const api::Selector selector = compile(budget->spec.selector);
  std::vector<PodRef> pods;
  pods_.pods.for_each([&](const api::Pod& pod) {
    if (pod.meta.namespace_ == key.namespace_ && selector.matches(*pod.meta.labels)) {
      pods.push_back(PodRef(&pod));
    }
  });
  std::vector<std::pair<Text, Time>> disrupted;  // buildDisruptedPodMap
  std::set<std::string_view> gone;
  for (const auto& [name, when] : budget->status.disrupted_pods) {
    const PodRef pod = pods_.pods.find(key.namespace_, name.view());
    if (!pod || pod->meta.is_being_deleted()) continue;
    if (when + kDisruptionDeletionTimeout <= env_.now()) continue;
    disrupted.emplace_back(name, when);
    gone.insert(name.view());
    pass->requeue_after(when + kDisruptionDeletionTimeout - env_.now());
  }
  BudgetCounts counts;
  for (const PodRef& pod : pods) {
    if (!pod->meta.is_being_deleted() && api::is_ready(*pod) &&
        !gone.contains(pod->meta.name.view())) {
      ++counts.healthy;
    }
  }
  const auto scaled = [&](const api::IntOrString& value, std::int32_t total) {
    return api::scaled_value_from_int_or_percent(value, total, true).value_or(0);
  };
  if (budget->spec.max_unavailable) {
    counts.expected = expected_scale(pods);
    counts.desired =
        std::max(0, counts.expected - scaled(*budget->spec.max_unavailable, counts.expected));
  } else if (budget->spec.min_available) {
    const bool percent = budget->spec.min_available->is_text();
    counts.expected = percent ? expected_scale(pods) : static_cast<std::int32_t>(pods.size());
    counts.desired = scaled(*budget->spec.min_available, counts.expected);
  }
  api::PodDisruptionBudgetStatus status = budget_status(*budget, counts, env_.now());
  status.disrupted_pods = api::List<std::pair<Text, Time>>(std::move(disrupted));
  if (status == budget->status) return;
  Ref<api::PodDisruptionBudget> changed = copy_of(budget);
  changed->status = std::move(status);
  update_status<api::PodDisruptionBudget>(client_, changed, [pass](Result<BudgetRef> done) {
    if (!done.status().is(Reason::kNotFound)) pass->fail(done.status());
  });
}

}  // namespace orrery::controller
