#include "core/kubelet/pod_worker.h"

#include "core/kubelet/prober.h"

namespace orrery::kubelet {

PodWork& PodWorker::work() {
  if (!pod_.work) pod_.work = std::make_unique<PodWork>();
  return *pod_.work;
}

std::uint32_t PodWorker::begin_step(StartStep step, std::size_t container) {
  PodWork& w = work();
  w.step = step;
  w.container = static_cast<std::uint16_t>(container);
  w.chained = true;
  return ++w.serial;
}

bool PodWorker::end_step(std::uint32_t serial) {
  if (!pod_.work || pod_.work->serial != serial || pod_.work->step == StartStep::kIdle)
    return false;
  pod_.work->step = StartStep::kIdle;
  return true;
}

template <class F>
auto PodWorker::on_step(std::uint32_t serial, F f) {
  return host_.bound(
      uid(), [serial, f = std::move(f)](PodHost& host, PodRecord& pod, auto&&... answer) mutable {
        PodWorker worker(host, pod);
        if (worker.end_step(serial)) f(worker, std::forward<decltype(answer)>(answer)...);
      });
}

void PodWorker::admit() {
  const Ref<const Amounts> requests = host_.shared.requests.of(pod_.pod->spec);
  const auto no = check_admission(
      {*pod_.pod, *host_.node, *requests, host_.allocatable, host_.used, host_.pods_admitted});
  if (no) {
    pod_.stage = PodStage::kRejected;
    work().reject_reason = no->reason;
    work().reject_message = no->message;
    events().warning(no->reason.str().c_str(), "{}", no->message.view().substr(18));
    write_status();
    return;
  }
  allocate_resources();
}

void PodWorker::allocate_resources() {
  const Ref<const Amounts> requests = host_.shared.requests.of(pod_.pod->spec);
  for (const auto& [name, amount] : requests->entries()) host_.used.add(name, amount);
  ++host_.pods_admitted;
  pod_.allocated = true;
}

void PodWorker::updated(Ref<const api::Pod> pod) {
  if (pod->meta.resource_version <= pod_.pod->meta.resource_version) return;
  const bool news = pod->meta.is_being_deleted() || !pod->spec.same(pod_.pod->spec) ||
                    !pod->spec->readiness_gates.empty();
  // Others write conditions too: the node controller sets Ready to False on a node it lost.
  const bool rewritten = !(pod->status.conditions == pod_.pod->status.conditions);
  pod_.pod = std::move(pod);
  const bool starting = pod_.work && pod_.work->chained;  // reports by itself at its end
  if (news) {
    sync();
  } else if (rewritten && pod_.stage == PodStage::kActive && !starting) {
    write_status();
  }
}

void PodWorker::sync() {
  switch (pod_.stage) {
    case PodStage::kActive:
      if (pod_.removed || pod_.pod->meta.is_being_deleted() || pod_.deadline_exceeded) {
        begin_termination(grace_of_pod());
      } else {
        sync_active();
      }
      break;
    case PodStage::kTerminating:
      sync_terminating();
      break;
    case PodStage::kTerminated:
    case PodStage::kRejected:
      if (pod_.removed) {
        forget();
      } else {
        write_status();
      }
      break;
  }
}

void PodWorker::sync_active() {
  const bool busy = pod_.work && pod_.work->step != StartStep::kIdle;
  if (busy && !pod_.pod->spec->active_deadline_seconds) return;
  const PodActions actions = decide_actions(pod_, host_.config(), host_.now());
  if (busy && !actions.deadline_exceeded) {
    wake_at(actions.wake_at);
    return;
  }
  if (actions.end_pod) {
    pod_.deadline_exceeded = actions.deadline_exceeded;
    begin_termination(grace_of_pod());
    return;
  }
  for (const std::size_t i : actions.kill) {
    const ContainerRecord& c = pod_.containers[i];
    const api::Container& spec = pod_.spec_of(i);
    const auto& probe = c.startup_failed ? spec.startup_probe : spec.liveness_probe;
    Duration grace = grace_of_pod();
    if (probe && probe->termination_grace_period_seconds) {
      grace = std::chrono::seconds(*probe->termination_grace_period_seconds);
    }
    kill_container(
        i, grace,
        fmt::format("Container {} failed {} probe{}", spec.name.view(),
                    c.startup_failed ? "startup" : "liveness",
                    pod_.pod->spec->restart_policy == words().never ? "" : ", will be restarted"));
  }
  const bool starts = actions.create_sandbox || actions.start;
  wake_at(actions.wake_at);
  // Upstream reports before and after a run of starts, never in between.
  const bool quiet =
      starts && ((pod_.work && pod_.work->chained) ||
                 (host_.config().coalesce_start_status && !is_set(pod_.pod->status.start_time)));
  if (starts) work().chained = true;
  if (!starts && pod_.work) pod_.work->chained = false;
  if (actions.create_sandbox) {
    if (!quiet) write_status();
    run_sandbox();
  } else if (actions.start) {
    if (!quiet) write_status();
    start_container(*actions.start);
  } else {
    write_status();  // last: it may free what is no longer needed
  }
}

void PodWorker::run_sandbox() {
  const std::uint32_t serial = begin_step(StartStep::kSandbox, 0);
  host_.runtime.run_pod_sandbox({pod_.pod, pod_.sandbox_attempt},
                                on_step(serial, [](PodWorker& w, Result<SandboxStatus> answer) {
                                  w.sandbox_answered(std::move(answer));
                                }));
}

void PodWorker::sandbox_answered(Result<SandboxStatus> answer) {
  if (!answer.ok()) {
    events().warning("FailedCreatePodSandBox", "Failed to create pod sandbox: {}",
                     answer.status().message());
    work().retry_sandbox_at = host_.now() + host_.config().retry_period;
    work().chained = false;
    sync();
    return;
  }
  if (!pod_.sandbox_id.empty()) host_.runtime.remove_pod_sandbox(pod_.sandbox_id, {});
  pod_.sandbox_id = answer->id;
  pod_.ip = pod_.pod->spec->host_network ? host_.host_ip : answer->ip;
  pod_.sandbox_ready = true;
  ++pod_.sandbox_attempt;
  sync();
}

void PodWorker::start_container(std::size_t i) {
  ContainerRecord& c = pod_.containers[i];
  if (c.stage == ContainerStage::kExited) {
    const Time now = host_.now();
    host_.config().restart_backoff.next(c.needs_trouble().restart, c.finished_at, now);
  }
  const api::Container& spec = pod_.spec_of(i);
  const bool present = host_.runtime.has_image(spec.image);
  if (spec.image_pull_policy == words().never && !present) {
    failed_to_start(
        i, words().err_image_never_pull,
        Text(fmt::format("Container image \"{}\" is not present with pull policy of Never",
                         spec.image.view())));
    events().warning("ErrImageNeverPull", "{}", c.trouble->waiting_message.view());
    sync();
  } else if (present && !(spec.image_pull_policy == words().always)) {
    events().normal(
        "Pulled",
        "Container image \"{}\" already present on machine and can be accessed by the pod",
        spec.image.view());
    create(i);
  } else {
    pull(i);
  }
}

void PodWorker::pull(std::size_t i) {
  const std::uint32_t serial = begin_step(StartStep::kPull, i);
  const Symbol image = pod_.spec_of(i).image;
  events().normal("Pulling", "Pulling image \"{}\"", image.view());
  host_.runtime.pull_image(pod_.pod, image,
                           on_step(serial, [i](PodWorker& w, Result<Symbol> image_id) {
                             w.pulled(i, std::move(image_id));
                           }));
}

void PodWorker::pulled(std::size_t i, Result<Symbol> image_id) {
  const Symbol image = pod_.spec_of(i).image;
  if (!image_id.ok()) {
    const std::string why = image_id.status().message();
    failed_to_start(i, words().err_image_pull, Text(why));
    Backoff& backoff = pod_.containers[i].needs_trouble().pull;
    host_.config().image_backoff.next(backoff, host_.now(), host_.now());
    events().warning("Failed", "Failed to pull image \"{}\": {}", image.view(), why);
    events().warning("Failed", "Error: ErrImagePull");
    sync();
    return;
  }
  events().normal("Pulled", "Successfully pulled image \"{}\"", image.view());
  pod_.containers[i].image_id = *image_id;
  create(i);
}

void PodWorker::create(std::size_t i) {
  const std::uint32_t serial = begin_step(StartStep::kCreate, i);
  const ContainerRecord& c = pod_.containers[i];
  ContainerConfig config;
  config.pod = pod_.pod;
  config.sandbox_id = pod_.sandbox_id;
  config.name = pod_.spec_of(i).name;
  config.init = pod_.is_init(i);
  config.attempt = c.id.empty() ? 0u : static_cast<std::uint32_t>(c.restart_count + 1);
  host_.runtime.create_container(
      std::move(config),
      on_step(serial, [i](PodWorker& w, Result<Text> id) { w.created(i, std::move(id)); }));
}

void PodWorker::created(std::size_t i, Result<Text> id) {
  if (!id.ok()) {
    events().warning("Failed", "Error: {}", id.status().message());
    failed_to_start(i, words().create_error, Text(id.status().message()));
    sync();
    return;
  }
  if (pod_.stage != PodStage::kActive) {
    host_.runtime.remove_container(*id, {});
    sync();
    return;
  }
  events().normal("Created", "Container created");
  ContainerRecord& c = pod_.containers[i];
  if (!c.id.empty()) {
    if (c.stage == ContainerStage::kExited) c.last_state = terminated_state(c);
    host_.runtime.remove_container(c.id, {});
    ++c.restart_count;
  }
  c.id = *id;
  if (c.image_id.empty()) c.image_id = pod_.spec_of(i).image;
  c.stage = ContainerStage::kCreated;
  c.finished_at = {};
  c.unhealthy = c.started = c.ready = false;
  if (c.trouble) {
    c.trouble->waiting_reason = {};
    c.trouble->waiting_message = {};
    c.trouble->exit_message = {};
  }
  if (!pod_.is_init(i)) pod_.initialized = true;
  const std::uint32_t serial = begin_step(StartStep::kStart, i);
  host_.runtime.start_container(c.id, on_step(serial, [i](PodWorker& w, const Status& status) {
                                  w.container_answered(i, status);
                                }));
}

void PodWorker::container_answered(std::size_t i, const Status& status) {
  ContainerRecord& c = pod_.containers[i];
  if (!status.ok()) {
    events().warning("Failed", "Error: {}", status.message());
    RuntimeContainer dead;
    dead.exit_code = 128;
    dead.reason = words().start_error;
    dead.message = Text(status.message());
    dead.started_at = dead.finished_at = host_.now();
    if (c.stage == ContainerStage::kCreated) container_exited(i, dead);
    return;
  }
  events().normal("Started", "Container started");
  if (c.stage == ContainerStage::kCreated) {
    c.stage = ContainerStage::kRunning;
    c.started_at = host_.now();
    Prober(host_, pod_).container_started(i);
    const auto& hooks = pod_.spec_of(i).lifecycle;
    if (pod_.stage == PodStage::kActive && hooks && hooks->post_start) {
      run_post_start(i);
      return;
    }
  }
  sync();
}

void PodWorker::run_post_start(std::size_t i) {
  const std::uint32_t serial = begin_step(StartStep::kPostStart, i);
  run_hook(i, *pod_.spec_of(i).lifecycle->post_start, Duration{0},
           on_step(serial, [i](PodWorker& w, bool ok) {
             if (!ok && w.pod_.containers[i].stage == ContainerStage::kRunning) {
               w.events().warning("FailedPostStartHook", "PostStartHook failed");
               w.kill_container(i, w.grace_of_pod(), "FailedPostStartHook");
             }
             w.sync();
           }));
}

void PodWorker::failed_to_start(std::size_t i, Symbol reason, Text message) {
  ContainerTrouble& trouble = pod_.containers[i].needs_trouble();
  trouble.waiting_reason = reason;
  trouble.waiting_message = std::move(message);
  trouble.failed_at = host_.now();
}

void PodWorker::container_exited(std::size_t i, const RuntimeContainer& container) {
  ContainerRecord& c = pod_.containers[i];
  if (c.stage == ContainerStage::kExited) return;
  Prober(host_, pod_).container_stopped(i);
  c.stage = ContainerStage::kExited;
  c.ready = c.started = c.stopping = c.unhealthy = false;
  c.exit_code = container.exit_code;
  c.exit_reason = container.reason;
  if (c.exit_reason.empty()) c.exit_reason = c.exit_code == 0 ? words().completed : words().error;
  if (!container.message.empty()) c.needs_trouble().exit_message = container.message;
  c.finished_at = is_set(container.finished_at) ? container.finished_at : host_.now();
  if (wants_restart(pod_, i) && retry_time(pod_, i, host_.config()) > host_.now()) {
    events().warning("BackOff", "Back-off restarting failed container {} in pod {}",
                     pod_.spec_of(i).name.view(), describe(*pod_.pod));
  }
  sync();
}

void PodWorker::sandbox_gone() {
  if (!pod_.sandbox_ready) return;
  pod_.sandbox_ready = false;
  for (std::size_t i = 0; i < pod_.containers.size(); ++i) {
    ContainerRecord& c = pod_.containers[i];
    Prober(host_, pod_).container_stopped(i);
    if (c.stage == ContainerStage::kRunning || c.stage == ContainerStage::kCreated) {
      c.stage = ContainerStage::kExited;
      c.exit_code = 137;
      c.exit_reason = words().container_status_unknown;
      c.finished_at = host_.now();
      c.ready = c.started = c.stopping = c.unhealthy = false;
    }
    // In a new sandbox the init containers run again.
    if (pod_.is_init(i) && !pod_.is_sidecar(i) && pod_.stage == PodStage::kActive) {
      c.stage = ContainerStage::kNone;
      pod_.initialized = false;
    }
  }
  if (pod_.work) pod_.work->step = StartStep::kIdle;
  if (pod_.stage == PodStage::kActive) {
    events().normal("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
  }
  sync();
}

void PodWorker::wake_at(Time at) {
  if (!pod_.work && at == kNever) return;
  PodWork& w = work();
  if (w.wake_at == at) return;
  host_.env.loop.cancel(w.wake);
  w.wake = {};
  w.wake_at = at;
  if (at == kNever) return;
  w.wake = host_.env.loop.at(at, host_.bound(uid(), [](PodHost& host, PodRecord& pod) {
    if (pod.work) {
      pod.work->wake = {};
      pod.work->wake_at = kNever;
    }
    PodWorker(host, pod).sync();
  }));
}

void PodWorker::compact() {
  if (pod_.probes) Prober(host_, pod_).compact();
  if (is_quiet()) pod_.work.reset();
}

}  // namespace orrery::kubelet
