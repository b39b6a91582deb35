#include "core/controller/deployment_sync.h"

#include "core/client/typed_client.h"
#include "core/controller/deployment_annotations.h"
#include "core/controller/deployment_sets.h"

namespace orrery::controller {

void DeploymentSync::run() {
  if (d_->spec.selector && d_->spec.selector->empty()) {
    tell("Warning", "SelectingAll",
         "This deployment is selecting all pods. A non-empty selector is required.");
    if (d_->status.observed_generation >= d_->meta.generation) return;
    d_->status.observed_generation = d_->meta.generation;
    write_status([] {});
    return;
  }
  claim([self = shared_from_this()] { self->claimed(); });
}

void DeploymentSync::claimed() {
  const auto self = shared_from_this();
  if (d_->meta.is_being_deleted()) {
    sync_revision(false, [self] { self->report(false); });
    return;
  }
  const Next go_on = [self] {
    self->sync_revision(false, [self] {
      if (self->d_->spec.paused || is_scaling_event(*self->d_, self->sets_)) {
        self->scale();
      } else {
        self->roll_out();
      }
    });
  };
  if (note_pause(*d_, tools_.env.now())) {
    write_status(go_on);
  } else {
    go_on();
  }
}

void DeploymentSync::roll_out() {
  if (is_rolling(*d_)) {
    sync_revision(true, [self = shared_from_this()] { self->rolling_update(); });
  } else {
    recreate();
  }
}

void DeploymentSync::recreate() {
  const auto self = shared_from_this();
  std::vector<Resize> down;
  for (const SetRef& set : active_sets(old_sets())) down.push_back({set, 0});
  if (!down.empty()) {
    resize_all(std::move(down), 0, [self] { self->report(true); });
    return;
  }
  if (old_pods_running()) {
    report(true);
    return;
  }
  sync_revision(true, [self] {
    self->resize(self->new_set(), replicas_of(*self->d_), [self] {
      self->clean_up([self] { self->report(true); });
    });
  });
}

void DeploymentSync::rolling_update() {
  const auto self = shared_from_this();
  const Next done = [self] { self->report(true); };
  const SetRef fresh = new_set();
  // reconcileNewReplicaSet
  std::int32_t size = replicas_of(*d_);
  if (replicas_of(*fresh) < size) {
    size = new_set_replicas(*d_, total_replicas(sets_), replicas_of(*fresh));
  }
  if (size != replicas_of(*fresh)) {
    resize(fresh, size, done);
    return;
  }
  std::vector<Resize> steps = old_set_steps(*d_, sets_, active_sets(old_sets()), fresh);
  if (!steps.empty()) {
    resize_all(std::move(steps), 0, done);
    return;
  }
  clean_up(done);
}

void DeploymentSync::scale() {
  const auto self = shared_from_this();
  const Next done = [self] {
    if (self->d_->spec.paused) {
      self->clean_up([self] { self->report(false); });
    } else {
      self->report(false);
    }
  };
  if (const SetRef one = active_or_latest(new_set(), old_sets())) {
    if (replicas_of(*one) == replicas_of(*d_)) {
      done();
    } else {
      resize(one, replicas_of(*d_), done);
    }
    return;
  }
  std::vector<Resize> steps;
  if (is_saturated(*d_, new_set())) {
    for (const SetRef& set : active_sets(old_sets())) steps.push_back({set, 0});
  } else if (is_rolling(*d_)) {
    steps = proportional_sizes(*d_, active_sets(sets_));
  }
  resize_all(std::move(steps), 0, done);
}

void DeploymentSync::clean_up(Next next) {
  if (d_->spec.paused || is_complete(*d_, d_->status)) {
    for (const SetRef& set : sets_to_delete(*d_, old_sets())) {
      remove(tools_.client, *set, {}, [pass = pass_](Status status) {
        if (!status.is(Reason::kNotFound)) pass->fail(status);
      });
    }
  }
  next();
}

void DeploymentSync::report(bool rollout) {
  const Time now = tools_.env.now();
  api::DeploymentStatus status = rollout ? rollout_status(*d_, sets_, new_set(), now)
                                         : deployment_status(*d_, sets_, new_set(), now);
  if (status == d_->status) {
    if (!rollout) return;
    if (const std::optional<Duration> after = recheck_progress_after(*d_, now)) {
      pass_->requeue_after(*after);
    }
    return;
  }
  d_->status = std::move(status);
  write_status([] {});
}

SetRef DeploymentSync::new_set() const {
  for (const SetRef& set : sets_) {
    if (!new_uid_.empty() && set->meta.uid == new_uid_) return set;
  }
  return nullptr;
}

SetList DeploymentSync::old_sets() const {
  SetList out;
  for (const SetRef& set : sets_) {
    if (new_uid_.empty() || set->meta.uid != new_uid_) out.push_back(set);
  }
  return out;
}

bool DeploymentSync::old_pods_running() const {
  bool running = false;
  for (const SetRef& set : old_sets()) {
    if (set->status.replicas > 0) return true;
    tools_.pods.for_each_owned(set->meta.uid, [&](const api::Pod& pod) {
      if (!api::is_terminal(pod)) running = true;
    });
  }
  return running;
}

void DeploymentSync::write_status(Next next) {
  update_status<api::Deployment>(
      tools_.client, d_,
      [self = shared_from_this(),
       next = std::move(next)](Result<Ref<const api::Deployment>> answer) {
        if (!answer.ok()) {
          if (!answer.status().is(Reason::kNotFound)) self->pass_->fail(answer.status());
          return;
        }
        self->d_ = copy_of(*answer);
        next();
      });
  d_ = copy_of(d_);  // what was sent must not change any more
}

void DeploymentSync::write_set(Ref<api::ReplicaSet> changed, Next next) {
  update<api::ReplicaSet>(
      tools_.client, std::move(changed),
      [self = shared_from_this(), next = std::move(next)](Result<SetRef> answer) {
        if (!answer.ok()) {
          self->pass_->fail(answer.status());
          return;
        }
        for (SetRef& set : self->sets_) {
          if (set->meta.uid == (*answer)->meta.uid) set = *answer;
        }
        next();
      });
}

void DeploymentSync::resize(SetRef set, std::int32_t size, Next next) {
  const std::int32_t before = replicas_of(*set);
  Ref<api::ReplicaSet> changed = copy_of(set);
  changed->spec.replicas = size;
  const bool noted =
      set_replicas_annotations(*changed, replicas_of(*d_), replicas_of(*d_) + max_surge(*d_));
  if (size == before && !noted) {
    next();
    return;
  }
  write_set(changed, [self = shared_from_this(), name = set->meta.name, before, size,
                      next = std::move(next)] {
    if (size != before) {
      self->tell("Normal", "ScalingReplicaSet",
                 std::string("Scaled ") + (size > before ? "up" : "down") + " replica set " +
                     name.str() + " from " + std::to_string(before) + " to " +
                     std::to_string(size));
    }
    next();
  });
}

void DeploymentSync::resize_all(std::vector<Resize> steps, std::size_t from, Next next) {
  if (from == steps.size()) {
    next();
    return;
  }
  // A set may have been written by an earlier step: take the newest copy.
  SetRef set = steps[from].set;
  for (const SetRef& s : sets_) {
    if (s->meta.uid == set->meta.uid) set = s;
  }
  const std::int32_t size = steps[from].size;
  resize(set, size, [self = shared_from_this(), steps = std::move(steps), from,
                     next = std::move(next)]() mutable {
    self->resize_all(std::move(steps), from + 1, std::move(next));
  });
}

void DeploymentSync::tell(std::string_view type, std::string_view reason, std::string message) {
  static const Symbol kVersion("apps/v1"), kKind("Deployment");
  tools_.events.event(*d_, kVersion, kKind, Symbol(type), Symbol(reason), Text(std::move(message)));
}

}  // namespace orrery::controller
