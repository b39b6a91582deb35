#include "core/controller/job_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"
#include "core/controller/owner_claim.h"

namespace orrery::controller {
namespace {

Ref<api::Pod> without_tracking(const PodRef& pod) {
  Ref<api::Pod> freed = copy_of(pod);
  std::vector<Symbol> kept;
  for (const Symbol f : pod->meta.finalizers) {
    if (!(f == kJobFinalizer)) kept.push_back(f);
  }
  freed->meta.finalizers = api::List<Symbol>(std::move(kept));
  return freed;
}

Time finished_at(const api::Job& job) {
  for (const api::JobCondition& c : job.status.conditions) {
    if ((c.type == "Complete" || c.type == "Failed") && c.status == "True") {
      return c.last_transition_time;
    }
  }
  return {};
}

}  // namespace

JobController::JobController(Env& env, Client& client, Informers& informers, PodCache& pods,
                             Options options)
    : Reconciler(env, {"job", 5}),  // --concurrent-job-syncs
      client_(client),
      pods_(pods),
      options_(options),
      events_(env, client, Symbol("job-controller")),
      jobs_(informers.get<api::Job>()) {
  jobs_.on_change([this](const JobRef& old, const JobRef& now) {
    const ObjectKey key = ObjectKey::of(now ? *now : *old);
    if (!now) expectations_.forget(key);
    const auto mine = written_.find(key);
    if (mine != written_.end() && (!now || now->meta.resource_version >= mine->second)) {
      written_.erase(mine);
    }
    enqueue(key);
  });
  pods_.pods.on_change(
      [this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) { on_pod(old, now); });
}

void JobController::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const api::Pod& pod = now ? *now : *old;
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  if (!owner || owner->kind != kind_) return;
  const ObjectKey key{pod.meta.namespace_, owner->name};
  if (now && !jobs_.find(key.namespace_, key.name.view()) && now->meta.is_being_deleted()) {
    enqueue(key);  // an orphan held by our finalizer
    return;
  }
  if (!old) expectations_.creation_observed(key);
  if (!now || now->meta.is_being_deleted()) expectations_.deletion_observed(key, pod.meta.uid);
  if (old && now && old->meta.resource_version == now->meta.resource_version) return;
  enqueue_after(key, options_.batch);
}

void JobController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const JobRef job = jobs_.find(key.namespace_, key.name.view());
  std::vector<PodRef> pods;
  const auto take = [&](const api::Pod& pod) { pods.push_back(PodRef(&pod)); };
  if (!job) {  // syncOrphanPod: nobody counts these any more
    pods_.pods.for_each([&](const api::Pod& pod) {
      const api::OwnerReference* owner = api::controller_of(pod.meta);
      if (pod.meta.namespace_ == key.namespace_ && owner && owner->kind == kind_ &&
          owner->name == key.name && api::has_finalizer(pod.meta, kJobFinalizer)) {
        take(pod);
      }
    });
    release(pods, pass);
    return;
  }
  // A cache behind our own status knows neither which pods are counted nor which it may count:
  // wait for it (StaleControllerConsistencyJob).
  const auto mine = written_.find(key);
  if (mine != written_.end() && job->meta.resource_version < mine->second) return;
  pods_.for_each_owned(job->meta.uid, take);
  std::sort(pods.begin(), pods.end(),
            [](const PodRef& a, const PodRef& b) { return a->meta.name < b->meta.name; });
  JobPlan plan = plan_job(*job, pods, env_.now());
  if (is_finished(*job)) {
    release(plan.release, pass);
    expire(job, pass);
    return;
  }
  if (plan.look_again) pass->requeue_after(*plan.look_again);
  if (!job->meta.is_being_deleted() && expectations_.satisfied(key, env_.now())) {
    if (!plan.remove.empty() || !plan.drop.empty()) {
      delete_pods(job, plan, pass);
    } else if (!plan.create.empty()) {
      create_pods(job, plan.create, pass);
    }
  }
  if (plan.status == job->status) {
    release(plan.release, pass);
    return;
  }
  tell_changes(*job, plan.status);
  Ref<api::Job> changed = copy_of(job);
  changed->status = plan.status;
  update_status<api::Job>(client_, changed,
                          [this, pass, freed = plan.release](Result<JobRef> done) {
                            if (done.ok()) {
                              note_written(**done);
                              release(freed, pass);
                            } else if (!done.status().is(Reason::kNotFound)) {
                              pass->fail(done.status());
                            }
                          });
}

void JobController::note_written(const api::Job& job) {
  const ObjectKey key = ObjectKey::of(job);
  const JobRef cached = jobs_.find(key.namespace_, key.name.view());
  if (cached && cached->meta.resource_version < job.meta.resource_version) {
    written_[key] = job.meta.resource_version;
  }
}

void JobController::expire(const JobRef& job, const PassRef& pass) {
  if (!job->spec.ttl_seconds_after_finished || job->meta.is_being_deleted()) return;
  const Time due = finished_at(*job) + std::chrono::seconds(*job->spec.ttl_seconds_after_finished);
  if (due > env_.now()) {
    pass->requeue_after(due - env_.now());
    return;
  }
  DeleteOptions options;
  options.propagation = Propagation::kForeground;
  remove(client_, *job, options, [pass](Status status) {
    if (!status.is(Reason::kNotFound)) pass->fail(status);
  });
}

void JobController::create_pods(const JobRef& job, const std::vector<NewJobPod>& pods,
                                const PassRef& pass) {
  const ObjectKey key = ObjectKey::of(*job);
  expectations_.expect_creations(key, static_cast<int>(pods.size()), env_.now());
  const api::PodTemplateSpec& t = job->spec.template_;
  const api::List<api::OwnerReference> owners = {controller_reference(*job, api_version_, kind_)};
  api::List<Symbol> finalizers = t.metadata.finalizers;
  finalizers.edit().push_back(Symbol(kJobFinalizer));
  for (const NewJobPod& wanted : pods) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = job->meta.namespace_;
    pod->meta.generate_name = Text(job->meta.name.str() + "-");
    pod->meta.labels = t.metadata.labels;
    pod->meta.annotations = t.metadata.annotations;
    pod->meta.owner_references = owners;
    pod->meta.finalizers = finalizers;
    pod->spec = t.spec;
    if (wanted.index) {
      const std::string index = std::to_string(*wanted.index);
      pod->meta.generate_name = Text(job->meta.name.str() + "-" + index + "-");
      api::Labels labels = *t.metadata.labels;
      labels.set(Symbol(kJobIndex), Symbol(index));
      pod->meta.labels = api::LabelSet(std::move(labels));
      api::set(pod->meta.annotations, kJobIndex, index);
      if (job->spec.backoff_limit_per_index) {
        api::set(pod->meta.annotations, kJobIndexFailures, std::to_string(wanted.index_failures));
      }
      pod->spec.edit().hostname = Text(job->meta.name.str() + "-" + index);
    }
    create<api::Pod>(client_, pod, [this, key, job, pass](Result<PodRef> made) {
      if (made.ok()) {
        tell(*job, false, "SuccessfulCreate", "Created pod: " + (*made)->meta.name.str());
        return;
      }
      expectations_.creation_observed(key);
      tell(*job, true, "FailedCreate", "Error creating: " + made.status().message());
      pass->fail(made.status());
    });
  }
}

void JobController::delete_pods(const JobRef& job, const JobPlan& plan, const PassRef& pass) {
  std::vector<Uid> expected;
  for (const PodRef& pod : plan.remove) expected.push_back(pod->meta.uid);
  for (const PodRef& pod : plan.drop) expected.push_back(pod->meta.uid);
  expectations_.expect_deletions(ObjectKey::of(*job), expected, env_.now());
  for (const PodRef& pod : plan.remove) delete_pod(job, pod, pass);
  for (const PodRef& pod : plan.drop) {
    update<api::Pod>(client_, without_tracking(pod), [this, job, pod, pass](Result<PodRef> done) {
      if (done.ok()) {
        delete_pod(job, pod, pass);
      } else {
        expectations_.deletion_observed(ObjectKey::of(*job), pod->meta.uid);
        if (!done.status().is(Reason::kNotFound)) pass->fail(done.status());
      }
    });
  }
}

void JobController::delete_pod(const JobRef& job, const PodRef& pod, const PassRef& pass) {
  remove(client_, *pod, {}, [this, job, pod, pass](Status status) {
    if (status.ok()) {
      tell(*job, false, "SuccessfulDelete", "Deleted pod: " + pod->meta.name.str());
      return;
    }
    expectations_.deletion_observed(ObjectKey::of(*job), pod->meta.uid);
    if (!status.is(Reason::kNotFound)) pass->fail(status);
  });
}

void JobController::release(const std::vector<PodRef>& pods, const PassRef& pass) {
  for (const PodRef& pod : pods) {
    update<api::Pod>(client_, without_tracking(pod), [pass](Result<PodRef> done) {
      if (!done.ok() && !done.status().is(Reason::kNotFound)) pass->fail(done.status());
    });
  }
}

void JobController::tell_changes(const api::Job& job, const api::JobStatus& status) {
  for (const api::JobCondition& c : status.conditions) {
    const auto* old = std::find_if(job.status.conditions.begin(), job.status.conditions.end(),
                                   [&](const api::JobCondition& o) { return o.type == c.type; });
    if (old != job.status.conditions.end() && old->status == c.status) continue;
    if (c.type == "Complete") tell(job, false, "Completed", "Job completed");
    if (c.type == "Failed") tell(job, true, c.reason.view(), c.message.str());
    if (c.type == "Suspended") {
      const bool on = c.status == "True";
      tell(job, false, on ? "Suspended" : "Resumed", on ? "Job suspended" : "Job resumed");
    }
  }
}

void JobController::tell(const api::Object& job, bool warning, std::string_view reason,
                         std::string message) {
  events_.event(job, api_version_, kind_, Symbol(warning ? "Warning" : "Normal"), Symbol(reason),
                Text(std::move(message)));
}

}  // namespace orrery::controller
