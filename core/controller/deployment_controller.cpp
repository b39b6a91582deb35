#include "core/controller/deployment_controller.h"

#include "core/controller/owner_claim.h"

namespace orrery::controller {

DeploymentController::DeploymentController(Env& env, Client& client, Informers& informers,
                                           PodCache& pods, ReplicaSetCache& sets)
    : Reconciler(env, {"deployment", 5}),
      deployments_(informers.get<api::Deployment>()),
      by_namespace_(deployments_.add_index(
          [](const api::Deployment& d) { return symbol_index_key(d.meta.namespace_); })),
      sets_(sets),
      events_(env, client, Symbol("deployment-controller")),
      tools_{env, client, pods, sets, events_} {
  deployments_.on_change([this](const Ref<const api::Deployment>& old,
                                const Ref<const api::Deployment>& now) {
    enqueue(ObjectKey::of(now ? *now : *old));
  });
  sets.sets.on_change([this](const SetRef& old, const SetRef& now) { on_set(old, now); });
  pods.pods.on_change([this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
    if (old && !now) on_pod_gone(*old);
  });
}

void DeploymentController::enqueue_owner(const api::ReplicaSet& set) {
  const api::OwnerReference* owner = api::controller_of(set.meta);
  if (owner && owner->kind == kind_) enqueue({set.meta.namespace_, owner->name});
}

void DeploymentController::on_set(const SetRef& old, const SetRef& now) {
  if (old) enqueue_owner(*old);
  if (!now) return;
  enqueue_owner(*now);
  if (api::controller_of(now->meta)) return;
  const bool changed = !old || !(old->meta.labels == now->meta.labels) ||
                       !old->meta.owner_references.same(now->meta.owner_references);
  if (!changed) return;
  deployments_.for_each_in(by_namespace_, symbol_index_key(now->meta.namespace_),
                           [&](const api::Deployment& d) {
                             if (compile(d.spec.selector).matches(*now->meta.labels)) {
                               enqueue(ObjectKey::of(d));
                             }
                           });
}

// Recreate waits for the last old pod.
void DeploymentController::on_pod_gone(const api::Pod& pod) {
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  if (!owner || owner->kind != set_kind_) return;
  const SetRef set = sets_.sets.find(pod.meta.namespace_, owner->name.view());
  const api::OwnerReference* top = set ? api::controller_of(set->meta) : nullptr;
  if (!top || top->kind != kind_) return;
  const Ref<const api::Deployment> d =
      deployments_.find(pod.meta.namespace_, top->name.view());
  if (d && d->spec.strategy_type == "Recreate") enqueue(ObjectKey::of(*d));
}

void DeploymentController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const Ref<const api::Deployment> d = deployments_.find(key.namespace_, key.name.view());
  if (!d) return;
  std::make_shared<DeploymentSync>(tools_, d, pass)->run();
}

}  // namespace orrery::controller
