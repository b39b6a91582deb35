// DeploymentSync: the set of the newest template: found, brought up to date, or created (upstream:
// getNewReplicaSet).
#include "core/client/typed_client.h"
#include "core/controller/deployment_annotations.h"
#include "core/controller/deployment_sets.h"
#include "core/controller/deployment_sync.h"
#include "core/controller/owner_claim.h"
#include "core/controller/pod_control.h"
#include "core/controller/template_hash.h"

namespace orrery::controller {

void DeploymentSync::sync_revision(bool create, Next next) {
  const SetRef found = find_new_set(*d_, sets_);
  new_uid_ = found ? found->meta.uid : Uid{};
  if (found) {
    sync_found_set(found, std::move(next));
  } else if (create) {
    create_new_set(std::move(next));
  } else {
    next();
  }
}

void DeploymentSync::sync_found_set(const SetRef& found, Next next) {
  Ref<api::ReplicaSet> changed = copy_of(found);
  const bool noted = set_new_set_annotations(*d_, *changed, max_revision(old_sets()) + 1, true);
  if (noted || changed->spec.min_ready_seconds != d_->spec.min_ready_seconds) {
    changed->spec.min_ready_seconds = d_->spec.min_ready_seconds;
    write_set(changed, [self = shared_from_this(), next = std::move(next)] {
      self->sync_found_set(self->new_set(), next);
    });
    return;
  }
  const Text* revision = api::find(found->meta.annotations, kRevision);
  bool dirty = set_deployment_revision(*d_, revision ? revision->view() : "");
  if (has_progress_deadline(*d_) && !api::find_condition(d_->status.conditions, "Progressing")) {
    set_condition(d_->status,
                  deployment_condition("Progressing", "True", "FoundNewReplicaSet",
                                       "Found new replica set \"" + found->meta.name.str() + "\"",
                                       tools_.env.now()));
    dirty = true;
  }
  if (dirty) {
    write_status(std::move(next));
  } else {
    next();
  }
}

void DeploymentSync::create_new_set(Next next) {
  static const Symbol kVersion("apps/v1"), kKind("Deployment");
  const Symbol hash(template_hash(d_->spec.template_, d_->status.collision_count));
  auto set = make_ref<api::ReplicaSet>();
  set->meta.name = Text(d_->meta.name.str() + "-" + hash.str());
  set->meta.namespace_ = d_->meta.namespace_;
  set->meta.owner_references = {controller_reference(*d_, kVersion, kKind)};
  set->spec.min_ready_seconds = d_->spec.min_ready_seconds;
  set->spec.selector = with_hash(d_->spec.selector, hash);
  set->spec.template_ = d_->spec.template_;
  set->spec.template_.metadata.labels = with_hash(d_->spec.template_.metadata.labels, hash);
  set->meta.labels = set->spec.template_.metadata.labels;
  const std::int32_t size = new_set_replicas(*d_, total_replicas(sets_), 0);
  set->spec.replicas = size;
  const std::int64_t revision = max_revision(sets_) + 1;
  set_new_set_annotations(*d_, *set, revision, false);
  const Text name = set->meta.name;
  create<api::ReplicaSet>(
      tools_.client, set,
      [self = shared_from_this(), name, size, revision,
       next = std::move(next)](Result<SetRef> made) mutable {
        if (made.status().is(Reason::kAlreadyExists)) {
          self->on_name_taken(name, revision, std::move(next));
        } else {
          if (!made.ok() && !is_namespace_terminating(made.status())) {
            made = made.status().with_prefix("Failed to create new replica set \"" + name.str() +
                                             "\"");
          }
          self->on_created(size, revision, std::move(made), std::move(next));
        }
      });
}

void DeploymentSync::on_created(std::int32_t size, std::int64_t revision, Result<SetRef> made,
                                Next next) {
  if (!made.ok()) {
    pass_->fail(made.status());
    if (is_namespace_terminating(made.status())) return;
    tell("Warning", "ReplicaSetCreateError", made.status().message());
    if (!has_progress_deadline(*d_)) return;
    set_condition(d_->status,
                  deployment_condition("Progressing", "False", "ReplicaSetCreateError",
                                       made.status().message(), tools_.env.now()));
    write_status([] {});
    return;
  }
  if (size > 0) {
    tell("Normal", "ScalingReplicaSet", "Scaled up replica set " + (*made)->meta.name.str() +
                                            " from 0 to " + std::to_string(size));
  }
  sets_.push_back(*made);
  new_uid_ = (*made)->meta.uid;
  note_new_set(revision, true, std::move(next));
}

// The cache may lag behind our own create; or two templates have one hash.
void DeploymentSync::on_name_taken(const Text& name, std::int64_t revision, Next next) {
  get<api::ReplicaSet>(
      tools_.client, d_->meta.namespace_, name,
      [self = shared_from_this(), revision, next = std::move(next)](Result<SetRef> live) {
        if (!live.ok()) return self->pass_->fail(live.status());
        api::Deployment& d = *self->d_;
        const api::OwnerReference* owner = api::controller_of((*live)->meta);
        if (owner && owner->uid == d.meta.uid &&
            same_template((*live)->spec.template_, d.spec.template_)) {
          self->sets_.push_back(*live);
          self->new_uid_ = (*live)->meta.uid;
          self->note_new_set(revision, false, next);
          return;
        }
        d.status.collision_count = d.status.collision_count.value_or(0) + 1;
        self->pass_->fail(already_exists("replicasets.apps", (*live)->meta.name.view()));
        self->write_status([] {});
      });
}

void DeploymentSync::note_new_set(std::int64_t revision, bool created, Next next) {
  bool dirty = set_deployment_revision(*d_, std::to_string(revision));
  if (created && has_progress_deadline(*d_)) {
    set_condition(d_->status,
                  deployment_condition(
                      "Progressing", "True", "NewReplicaSetCreated",
                      "Created new replica set \"" + new_set()->meta.name.str() + "\"",
                      tools_.env.now()));
    dirty = true;
  }
  if (dirty) {
    write_status(std::move(next));
  } else {
    next();
  }
}

}  // namespace orrery::controller
