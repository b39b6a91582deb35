// PodWorker, third part: what it tells the API. One write at a time per pod; changes meanwhile are
// folded into the next. A Conflict reads the pod again and retries; NotFound means it is gone.
#include "core/client/typed_client.h"
#include "core/kubelet/pod_status.h"
#include "core/kubelet/pod_worker.h"

namespace orrery::kubelet {

void PodWorker::write_status() {
  if (pod_.work && pod_.work->writing) {
    pod_.work->write_again = true;
    return;
  }
  api::PodStatus status =
      compute_status(pod_, {host_.config(), host_.shared.conditions, host_.host_ip, host_.now()});
  if (status == pod_.pod->status) {
    delete_from_api();
    compact();
    return;
  }
  Ref<api::Pod> pod = copy_of(pod_.pod);
  pod->status = std::move(status);
  PodWork& w = work();
  w.writing = true;
  w.write_again = false;
  Request request;
  request.verb = Verb::kUpdate;
  request.kind = api::KindId::kPod;
  request.subresource = Subresource::kStatus;
  request.namespace_ = pod->meta.namespace_;
  request.name = pod->meta.name;
  request.object = std::move(pod);
  request.user_agent = words().kubelet;
  host_.client.call(std::move(request),
                    host_.bound(uid(), [](PodHost& host, PodRecord& record, Response response) {
                      PodWorker(host, record).write_answered(std::move(response));
                    }));
}

void PodWorker::write_answered(Response response) {
  PodWork& w = work();
  w.writing = false;
  const bool again = w.write_again;
  w.write_again = false;
  if (response.status.is(Reason::kConflict)) {
    refetch();
    return;
  }
  if (response.status.is(Reason::kNotFound)) {
    removed();
    return;
  }
  if (!response.status.ok()) {
    LOG(host_.env.log, kWarning, "pod status not written", {"pod", api::key_of(*pod_.pod)},
        {"error", response.status.message()});
    wake_at(std::min(w.wake_at, host_.now() + host_.config().retry_period));
    return;
  }
  const auto* now = api::as<api::Pod>(response.object.get());
  if (now && now->meta.resource_version > pod_.pod->meta.resource_version) {
    pod_.pod = Ref<const api::Pod>(now);
    if (now->meta.is_being_deleted() && pod_.stage == PodStage::kActive) {
      sync();
      return;
    }
  }
  if (again) {
    write_status();
    return;
  }
  delete_from_api();
  compact();
}

void PodWorker::refetch() {
  work().writing = true;
  Request request;
  request.kind = api::KindId::kPod;
  request.namespace_ = pod_.pod->meta.namespace_;
  request.name = pod_.pod->meta.name;
  request.user_agent = words().kubelet;
  host_.client.call(std::move(request), host_.bound(uid(), [](PodHost& host, PodRecord& record,
                                                              Response response) {
    PodWorker worker(host, record);
    record.work->writing = false;
    const auto* now = api::as<api::Pod>(response.object.get());
    const bool gone =
        response.status.is(Reason::kNotFound) || (now && !(now->meta.uid == record.pod->meta.uid));
    if (gone) {
      worker.removed();
      return;
    }
    if (now && now->meta.resource_version > record.pod->meta.resource_version) {
      record.pod = Ref<const api::Pod>(now);
    }
    if (record.stage == PodStage::kActive && record.pod->meta.is_being_deleted()) {
      worker.sync();
    } else if (response.status.ok()) {
      worker.write_status();
    } else {
      worker.wake_at(host.now() + host.config().retry_period);
    }
  }));
}

// The kubelet's last word on a pod that was asked to go: DELETE without grace.
void PodWorker::delete_from_api() {
  const bool over = pod_.stage == PodStage::kTerminated || pod_.stage == PodStage::kRejected;
  if (!over || !pod_.pod->meta.is_being_deleted() || pod_.removed) return;
  PodWork& w = work();
  if (w.deleting) return;
  w.deleting = true;
  Request request;
  request.verb = Verb::kDelete;
  request.kind = api::KindId::kPod;
  request.namespace_ = pod_.pod->meta.namespace_;
  request.name = pod_.pod->meta.name;
  request.remove.grace_period_seconds = 0;
  request.remove.uid = uid();
  request.user_agent = words().kubelet;
  host_.client.call(std::move(request),
                    host_.bound(uid(), [](PodHost& host, PodRecord& record, Response response) {
                      PodWorker worker(host, record);
                      const Status& s = response.status;
                      if (s.ok() || s.is(Reason::kNotFound) || s.is(Reason::kConflict)) {
                        return;  // the source tells when it is gone; finalizers may hold it
                      }
                      record.work->deleting = false;
                      worker.wake_at(host.now() + host.config().retry_period);
                    }));
}

// Nothing in flight and nothing waited for.
bool PodWorker::is_quiet() const {
  if (!pod_.work) return false;
  const PodWork& w = *pod_.work;
  if (w.step != StartStep::kIdle || w.writing || w.deleting || w.wake) return false;
  if (pod_.stage == PodStage::kTerminating) return false;
  return pod_.stage != PodStage::kActive || pod_.sandbox_ready;
}

}  // namespace orrery::kubelet
