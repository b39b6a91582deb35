// StatefulSetController: pods with stable names and claims, made and updated in order (upstream:
// pkg/controller/statefulset). Decisions are plan_stateful()'s; this class keeps revisions and
// writes.
//
//     set, pod events -> key -> revisions -> plan -> claims, creates, deletes -> status
#pragma once

#include "core/client/event_recorder.h"
#include "core/controller/expectations.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"
#include "core/controller/statefulset_plan.h"
#include "core/controller/workload_revision.h"

namespace orrery::controller {

class StatefulSetController final : public Reconciler {
 public:
  StatefulSetController(Env& env, Client& client, Informers& informers, PodCache& pods);
  EventRecorder& events() { return events_; }

 private:
  using SetRef = Ref<const api::StatefulSet>;
  struct Revisions {
    RevisionRef current, update;
  };
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  /// Null `update` while a revision is being written.
  Revisions sync_revisions(const SetRef& set, const std::vector<Ref<const api::Pod>>& pods,
                           const PassRef& pass);
  void create_pods(const SetRef& set, const Revisions& revisions,
                   const std::vector<StatefulPlan::Create>& wanted, const PassRef& pass);
  void create_pod(const SetRef& set, const Ref<const api::Pod>& pod, const PassRef& pass);
  void remove_pods(const SetRef& set, const std::vector<Ref<const api::Pod>>& pods,
                   const PassRef& pass);
  void tell(const api::Object& set, std::string_view verb, std::string_view pod, const Status& why);

  Client& client_;
  PodCache& pods_;
  EventRecorder events_;
  Expectations expectations_;
  Informer<api::StatefulSet> sets_;
  Informer<api::ControllerRevision> revisions_;
  const Symbol api_version_{"apps/v1"}, kind_{"StatefulSet"};
};

}  // namespace orrery::controller
