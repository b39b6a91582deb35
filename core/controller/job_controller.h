// JobController: runs pods to completion, counts each exactly once by a finalizer, and deletes
// finished Jobs after ttlSecondsAfterFinished (upstream: pkg/controller/job and ttlafterfinished).
// Decisions are plan_job()'s; this class does the writes.
//
//     Job, pod events -> key -> plan -> { creates, deletes } and status -> finalizers off
#pragma once

#include <unordered_map>

#include "core/client/event_recorder.h"
#include "core/controller/expectations.h"
#include "core/controller/job_plan.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

class JobController final : public Reconciler {
 public:
  struct Options {
    /// syncJobBatchPeriod: pod changes of one Job wait this long and share a sync.
    Duration batch = 1s;
  };
  JobController(Env& env, Client& client, Informers& informers, PodCache& pods, Options options);
  EventRecorder& events() { return events_; }

 private:
  using JobRef = Ref<const api::Job>;
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  /// Until the cache shows this status, the job is left alone.
  void note_written(const api::Job& job);
  void expire(const JobRef& job, const PassRef& pass);
  void create_pods(const JobRef& job, const std::vector<NewJobPod>& pods, const PassRef& pass);
  void delete_pods(const JobRef& job, const JobPlan& plan, const PassRef& pass);
  void delete_pod(const JobRef& job, const PodRef& pod, const PassRef& pass);
  void release(const std::vector<PodRef>& pods, const PassRef& pass);
  void tell_changes(const api::Job& job, const api::JobStatus& status);
  void tell(const api::Object& job, bool warning, std::string_view reason, std::string message);

  Client& client_;
  PodCache& pods_;
  Options options_;
  EventRecorder events_;
  Expectations expectations_;
  Informer<api::Job> jobs_;
  std::unordered_map<ObjectKey, api::Revision, ObjectKeyHash> written_;  // lookup only
  const Symbol api_version_{"batch/v1"}, kind_{"Job"};
};

}  // namespace orrery::controller
