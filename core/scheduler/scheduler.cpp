#include "core/scheduler/scheduler.h"

#include <algorithm>

#include "core/base/check.h"

namespace orrery::scheduler {

Scheduler::Scheduler(Env& env, Client& client, Informers& informers, EventRecorder& events,
                     SchedulerConfig config)
    : env_(env),
      client_(client),
      informers_(informers),
      events_(events),
      config_(std::move(config)),
      placer_(cache_, env.random.stream("scheduler.tie_break")),
      queue_(config_.queue),
      pods_(informers.get<api::Pod>()),
      scheduled_(env.metrics.counter("scheduler_schedule_attempts_total{result=\"scheduled\"}")),
      unschedulable_(
          env.metrics.counter("scheduler_schedule_attempts_total{result=\"unschedulable\"}")),
      errors_(env.metrics.counter("scheduler_schedule_attempts_total{result=\"error\"}")),
      pending_(env.metrics.gauge("scheduler_pending_pods")) {
  placer_.use_fast_path(config_.fast_path);
  if (!config_.extenders.empty() && !config_.http) {
    profiles_status_ = bad_request("extenders are configured, but there is no way to call them");
  } else if (!config_.extenders.empty()) {
    extenders_ = std::make_unique<ExtenderChain>(env_, *config_.http, cache_, config_.extenders);
    placer_.use_extenders(extenders_.get());
  }
  const PluginContext context{env_, client_, cache_, &events_, this, extenders_.get()};
  for (const Profile& profile : config_.profiles) {
    auto made = Framework::make(profile, config_.registry, context);
    if (!made.ok()) {
      profiles_status_ = made.status();
    } else if (framework(profile.scheduler_name)) {
      profiles_status_ = bad_request("two profiles have the schedulerName \"" +
                                     profile.scheduler_name.str() + "\"");
    } else {
      frameworks_.push_back(std::move(*made));
    }
  }
  watch_objects();
  informers.get<api::Node>().on_change(
      [this](const Ref<const api::Node>& old, const Ref<const api::Node>& now) {
        on_node(old, now);
      });
  pods_.on_change(
      [this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) { on_pod(old, now); });
}

Scheduler::~Scheduler() {
  *alive_ = false;
  env_.loop.cancel(timer_);
  for (Binding& b : bindings_) env_.loop.cancel(b.permit_timeout);
}

Status Scheduler::start() {
  if (!profiles_status_.ok()) return profiles_status_;
  informers_.on_synced([this, alive = alive_] {
    if (!*alive) return;
    started_ = true;
    wake();
  });
  return {};
}

const Framework* Scheduler::framework(Symbol scheduler_name) const {
  for (const auto& f : frameworks_) {
    if (f->profile().scheduler_name == scheduler_name) return f.get();
  }
  return nullptr;
}

Result<Explanation> Scheduler::explain_pod(const Ref<const api::Pod>& pod) {
  const Framework* f = pod->spec ? framework(pod->spec->scheduler_name) : nullptr;
  if (!f) {
    return bad_request("no profile is responsible for pod \"" + api::key_of(*pod) +
                       "\": its spec.schedulerName names none");
  }
  return explain_decision(*f, cache_, pod, {placer_.next_start(), placer_.tie_break()});
}

/// Posts a batch if there is something to do and none is posted.
void Scheduler::wake() {
  if (!started_ || awake_) return;
  if (!queue_.has_ready(env_.now())) {
    arm_timer();
    return;
  }
  awake_ = true;
  env_.loop.post([this, alive = alive_] {
    if (*alive) run_batch();
  });
}

void Scheduler::arm_timer() {
  const Time next = queue_.next_deadline(env_.now());
  if (next == timer_at_) return;
  env_.loop.cancel(timer_);
  timer_at_ = next;
  if (next == kNever) return;
  timer_ = env_.loop.at(next, [this, alive = alive_] {
    if (!*alive) return;
    timer_at_ = kNever;
    wake();
  });
}

void Scheduler::run_batch() {
  const bool takes_time = config_.attempt_duration > Duration{};
  const std::size_t most = takes_time ? 1 : config_.batch_max;
  std::size_t done = 0;
  while (done < most) {
    std::optional<QueuedPod> next = queue_.pop(env_.now());
    if (!next) break;
    done += attempt_next(std::move(*next));
  }
  pending_.value = static_cast<double>(queue_.size());
  awake_ = false;
  if (!takes_time || done == 0) {
    wake();
    return;
  }
  awake_ = true;
  const Duration spent = config_.attempt_duration * static_cast<std::int64_t>(done);
  env_.loop.after(spent, [this, alive = alive_] {
    if (!*alive) return;
    awake_ = false;
    wake();
  });
}

void Scheduler::attempt(QueuedPod queued) {
  if (queued.pod->meta.is_being_deleted() || cache_.knows_pod(queued.pod->meta.uid)) return;
  freed_in_attempt_.clear();
  ++queued.attempts;
  if (config_.attempt_observer) config_.attempt_observer->on_attempt_begin();
  const Placement::Kind outcome = place_and_bind(std::move(queued));
  if (config_.attempt_observer) config_.attempt_observer->on_attempt_end(outcome);
}

Placement::Kind Scheduler::place_and_bind(QueuedPod queued) {
  if (config_.decision_observer) config_.decision_observer->before_decision(queued);
  Placement placement = placer_.place(*queued.framework, queued.pod);
  if (config_.decision_observer) config_.decision_observer->after_decision(queued, placement);
  queued.class_id = placement.class_id;
  const Placement::Kind outcome = placement.kind;
  switch (outcome) {
    case Placement::Kind::kPlaced:
      begin_binding(std::move(queued), std::move(placement));
      break;
    case Placement::Kind::kUnschedulable:
      on_unschedulable(std::move(queued), std::move(placement));
      break;
    case Placement::Kind::kError:
      queued.rejected_by = 0;
      ++queued.error_count;
      errors_.add();
      fail(std::move(queued), Symbol("SchedulerError"), placement.error, {});
      break;
  }
  return outcome;
}

}  // namespace orrery::scheduler
