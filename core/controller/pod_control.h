// pod_control: creates and deletes the pods of one owner in bursts, with events and expectations
// (upstream: RealPodControl and slowStartBatch). Used by ReplicaSetController; the owner's pass
// stays open until `done` is called.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/api/pod.h"
#include "core/client/event_recorder.h"
#include "core/controller/expectations.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery::controller {

/// What all pods of one template share. Built once per owner, so that a million pods hold one spec,
/// one label set and one owner list.
struct PodStamp {
  Text generate_name;  // "<owner>-"
  Symbol namespace_;
  api::LabelSet labels;
  api::TextMap annotations;
  api::List<Symbol> finalizers;
  api::List<api::OwnerReference> owners;
  api::Shared<api::PodSpec> spec;

  Ref<const api::Pod> make() const;
};
/// GetPodFromTemplate.
PodStamp stamp_of(const api::PodTemplateSpec& pod_template, const api::Object& owner,
                  api::List<api::OwnerReference> owners);

/// Whom events are about.
struct EventSubject {
  api::ObjectRef object;
  Symbol api_version;
  Symbol kind;
};

class PodControl {
 public:
  PodControl(Env& env, Client& client, EventRecorder& events, Expectations& expectations)
      : env_(env), client_(client), events_(events), expectations_(expectations) {}

  using Finished = std::function<void(Status first_error)>;
  /// Creates `count` pods, 1, 2, 4, ... at a time; after a batch with an error the rest is skipped.
  void create(EventSubject owner, PodStamp stamp, int count, Finished done);
  /// Deletes them all at once.
  void remove(EventSubject owner, std::vector<Ref<const api::Pod>> victims, Finished done);

 private:
  struct Burst;
  void send_batch(const std::shared_ptr<Burst>& burst);
  void created(const std::shared_ptr<Burst>& burst, const Status& status, const api::Pod* pod);
  void removed(const std::shared_ptr<Burst>& burst, const api::Pod& pod, const Status& status);
  void tell(const EventSubject& about, Symbol type, Symbol reason, std::string message);

  Env& env_;
  Client& client_;
  EventRecorder& events_;
  Expectations& expectations_;
  const Symbol normal_{"Normal"}, warning_{"Warning"};
  const Symbol created_{"SuccessfulCreate"}, deleted_{"SuccessfulDelete"};
  const Symbol failed_create_{"FailedCreate"}, failed_delete_{"FailedDelete"};
};

/// True if the namespace is being deleted: not worth an event or a retry.
bool is_namespace_terminating(const Status& status);

}  // namespace orrery::controller
