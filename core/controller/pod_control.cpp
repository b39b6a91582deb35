#include "core/controller/pod_control.h"

#include "core/client/typed_client.h"
#include "core/controller/slow_start.h"

namespace orrery::controller {

struct PodControl::Burst {
  EventSubject owner;
  ObjectKey key;
  PodStamp stamp;
  Finished done;
  int remaining = 0;  // not yet sent
  int batch = 0;      // size of the newest batch
  int waiting = 0;    // answers outstanding
  Status first_error;
};

Ref<const api::Pod> PodStamp::make() const {
  auto pod = make_ref<api::Pod>();
  pod->meta.generate_name = generate_name;
  pod->meta.namespace_ = namespace_;
  pod->meta.labels = labels;
  pod->meta.annotations = annotations;
  pod->meta.finalizers = finalizers;
  pod->meta.owner_references = owners;
  pod->spec = spec;
  return pod;
}

PodStamp stamp_of(const api::PodTemplateSpec& pod_template, const api::Object& owner,
                  api::List<api::OwnerReference> owners) {
  PodStamp stamp;
  stamp.generate_name = Text(owner.meta.name.str() + "-");
  stamp.namespace_ = owner.meta.namespace_;
  stamp.labels = pod_template.metadata.labels;
  stamp.annotations = pod_template.metadata.annotations;
  stamp.finalizers = pod_template.metadata.finalizers;
  stamp.owners = std::move(owners);
  stamp.spec = pod_template.spec;
  return stamp;
}

bool is_namespace_terminating(const Status& status) {
  for (const StatusCause& cause : status.details().causes) {
    if (cause.reason == "NamespaceTerminating") return true;
  }
  return false;
}

void PodControl::create(EventSubject owner, PodStamp stamp, int count, Finished done) {
  auto burst = std::make_shared<Burst>();
  burst->key = ObjectKey::of(*owner.object);
  burst->owner = std::move(owner);
  burst->stamp = std::move(stamp);
  burst->done = std::move(done);
  burst->remaining = count;
  expectations_.expect_creations(burst->key, count, env_.now());
  send_batch(burst);
}

void PodControl::send_batch(const std::shared_ptr<Burst>& burst) {
  burst->batch = next_batch(burst->batch, burst->remaining);
  burst->remaining -= burst->batch;
  burst->waiting = burst->batch;
  for (int i = 0; i < burst->batch; ++i) {
    orrery::create<api::Pod>(client_, burst->stamp.make(),
                             [this, burst](Result<Ref<const api::Pod>> made) {
                               created(burst, made.status(), made.ok() ? made->get() : nullptr);
                             });
  }
}

void PodControl::created(const std::shared_ptr<Burst>& burst, const Status& status,
                         const api::Pod* pod) {
  if (status.ok()) {
    tell(burst->owner, normal_, created_, "Created pod: " + pod->meta.name.str());
  } else {
    expectations_.creation_observed(burst->key);
    if (!is_namespace_terminating(status)) {
      tell(burst->owner, warning_, failed_create_, "Error creating: " + status.message());
    }
    if (burst->first_error.ok()) burst->first_error = status;
  }
  if (--burst->waiting > 0) return;
  if (burst->remaining > 0 && burst->first_error.ok()) {
    send_batch(burst);
    return;
  }
  // Skipped pods will never be seen; the key's next pass tries them again.
  for (int i = 0; i < burst->remaining; ++i) expectations_.creation_observed(burst->key);
  burst->done(is_namespace_terminating(burst->first_error) ? Status() : burst->first_error);
}

void PodControl::remove(EventSubject owner, std::vector<Ref<const api::Pod>> victims,
                        Finished done) {
  auto burst = std::make_shared<Burst>();
  burst->key = ObjectKey::of(*owner.object);
  burst->owner = std::move(owner);
  burst->done = std::move(done);
  burst->waiting = static_cast<int>(victims.size());
  std::vector<Uid> expected;
  for (const Ref<const api::Pod>& pod : victims) expected.push_back(pod->meta.uid);
  expectations_.expect_deletions(burst->key, expected, env_.now());
  for (Ref<const api::Pod>& pod : victims) {
    orrery::remove(client_, *pod, {}, [this, burst, pod](Status status) {
      removed(burst, *pod, status);
    });
  }
}

void PodControl::removed(const std::shared_ptr<Burst>& burst, const api::Pod& pod,
                         const Status& status) {
  if (status.ok()) {
    tell(burst->owner, normal_, deleted_, "Deleted pod: " + pod.meta.name.str());
  } else {
    expectations_.deletion_observed(burst->key, pod.meta.uid);
    if (!status.is(Reason::kNotFound)) {
      tell(burst->owner, warning_, failed_delete_, "Error deleting: " + status.message());
      if (burst->first_error.ok()) burst->first_error = status;
    }
  }
  if (--burst->waiting == 0) burst->done(burst->first_error);
}

void PodControl::tell(const EventSubject& about, Symbol type, Symbol reason, std::string message) {
  events_.event(*about.object, about.api_version, about.kind, type, reason,
                Text(std::move(message)));
}

}  // namespace orrery::controller
