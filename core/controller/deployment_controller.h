// DeploymentController: turns Deployment, ReplicaSet and (for Recreate) pod events into keys, and
// starts a DeploymentSync for each.
#pragma once

#include "core/controller/deployment_sync.h"

namespace orrery::controller {

class DeploymentController final : public Reconciler {
 public:
  DeploymentController(Env& env, Client& client, Informers& informers, PodCache& pods,
                       ReplicaSetCache& sets);
  EventRecorder& events() { return events_; }

 private:
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void on_set(const SetRef& old, const SetRef& now);
  void enqueue_owner(const api::ReplicaSet& set);
  void on_pod_gone(const api::Pod& pod);

  Informer<api::Deployment> deployments_;
  std::size_t by_namespace_;
  ReplicaSetCache& sets_;
  EventRecorder events_;
  DeploymentTools tools_;
  const Symbol kind_{"Deployment"};
  const Symbol set_kind_{"ReplicaSet"};
};

}  // namespace orrery::controller
