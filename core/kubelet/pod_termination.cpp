// PodWorker, second part: the way down. preStop, TERM and KILL for the main containers together,
// then the sidecars one by one in reverse order, then the sandbox, then the final status.
#include "core/kubelet/pod_worker.h"
#include "core/kubelet/prober.h"

namespace orrery::kubelet {

Duration PodWorker::grace_of_pod() const {
  const api::Pod& pod = *pod_.pod;
  if (pod.meta.is_being_deleted() && pod.meta.deletion_grace_period_seconds) {
    return std::chrono::seconds(*pod.meta.deletion_grace_period_seconds);
  }
  return std::chrono::seconds(pod.spec->termination_grace_period_seconds.value_or(30));
}

void PodWorker::begin_termination(Duration grace) {
  pod_.stage = PodStage::kTerminating;
  PodWork& w = work();
  w.grace = grace;
  w.ending_since = host_.now();
  wake_at(kNever);
  // What can be given up half-way; a sandbox or container in the making must be waited for.
  if (w.step == StartStep::kPull || w.step == StartStep::kPostStart) {
    w.step = StartStep::kIdle;
    ++w.serial;
  }
  Prober(host_, pod_).stop_liveness_and_startup();
  sync_terminating();
}

void PodWorker::sync_terminating() {
  PodWork& w = work();
  if (pod_.pod->meta.is_being_deleted() && grace_of_pod() < w.grace) {  // deleted again, faster
    w.grace = grace_of_pod();
    for (std::size_t i = 0; i < pod_.containers.size(); ++i) {
      if (pod_.containers[i].stopping) stop_now(i, w.grace);
    }
  }
  if (w.step != StartStep::kIdle || !stop_containers()) return;
  if (!pod_.sandbox_ready) {
    terminated();
  } else if (!w.sandbox_stopping) {
    stop_sandbox();
  }
}

// True when nothing runs any more.
bool PodWorker::stop_containers() {
  const auto stop = [this](std::size_t i) {
    const Duration spent = host_.now() - work().ending_since;
    const Duration left = work().grace > spent ? work().grace - spent : Duration{0};
    if (!pod_.containers[i].stopping) {
      kill_container(i, left, fmt::format("Stopping container {}", pod_.spec_of(i).name.view()));
    }
  };
  bool running = false;
  for (std::size_t i = 0; i < pod_.containers.size(); ++i) {
    if (pod_.is_sidecar(i) || pod_.containers[i].stage != ContainerStage::kRunning) continue;
    running = true;
    stop(i);
  }
  if (running) return false;
  for (std::size_t i = pod_.inits; i-- > 0;) {
    if (pod_.containers[i].stage != ContainerStage::kRunning) continue;
    stop(i);
    return false;
  }
  return true;
}

void PodWorker::kill_container(std::size_t i, Duration grace, const std::string& why) {
  ContainerRecord& c = pod_.containers[i];
  c.stopping = true;
  events().normal("Killing", "{}", why);
  const auto& hooks = pod_.spec_of(i).lifecycle;
  if (!hooks || !hooks->pre_stop || grace <= Duration{0}) {
    stop_now(i, grace);
    return;
  }
  const Time deadline = host_.now() + grace;
  const auto index = static_cast<std::uint32_t>(i);
  run_hook(i, *hooks->pre_stop, grace,
           host_.bound(uid(), [index, deadline](PodHost& host, PodRecord& pod, bool ok) {
             PodWorker w(host, pod);
             if (!ok) w.events().warning("FailedPreStopHook", "PreStopHook failed");
             w.stop_now(index, deadline - host.now());
           }));
}

void PodWorker::stop_now(std::size_t i, Duration grace) {
  const ContainerRecord& c = pod_.containers[i];
  if (c.stage != ContainerStage::kRunning) return;
  const auto index = static_cast<std::uint32_t>(i);
  host_.runtime.stop_container(
      c.id, std::max(grace, host_.config().grace_min),
      host_.bound(uid(), [index, id = c.id](PodHost& host, PodRecord& pod, const Status&) {
        PodWorker(host, pod).container_stopped(index, id);
      }));
}

void PodWorker::container_stopped(std::size_t i, const Text& id) {
  const ContainerRecord& c = pod_.containers[i];
  if (!(c.id == id)) return;                  // another one by now
  if (c.stage == ContainerStage::kRunning) {  // no exit was told
    RuntimeContainer lost;
    lost.exit_code = 137;
    lost.reason = words().container_status_unknown;
    container_exited(i, lost);
  } else {
    sync();
  }
}

void PodWorker::stop_sandbox() {
  work().sandbox_stopping = true;
  host_.runtime.stop_pod_sandbox(
      pod_.sandbox_id, host_.bound(uid(), [](PodHost& host, PodRecord& pod, const Status& status) {
        PodWorker w(host, pod);
        w.work().sandbox_stopping = false;
        if (status.ok() || status.is(Reason::kNotFound)) {
          pod.sandbox_ready = false;
          w.sync();
        } else {
          w.wake_at(host.now() + host.config().retry_period);
        }
      }));
}

void PodWorker::release_resources() {
  if (!pod_.allocated) return;
  pod_.allocated = false;
  --host_.pods_admitted;
  const Ref<const Amounts> requests = host_.shared.requests.of(pod_.pod->spec);
  for (const auto& [name, amount] : requests->entries()) host_.used.add(name, -amount);
}

void PodWorker::terminated() {
  pod_.stage = PodStage::kTerminated;
  Prober(host_, pod_).stop();
  release_resources();
  if (pod_.removed) {
    forget();
  } else {
    write_status();
  }
}

void PodWorker::forget() {
  release_resources();
  Prober(host_, pod_).stop();
  if (pod_.work) host_.env.loop.cancel(pod_.work->wake);
  if (!pod_.sandbox_id.empty()) host_.runtime.remove_pod_sandbox(pod_.sandbox_id, {});
  host_.pods.erase(uid());
}

void PodWorker::removed() {
  pod_.removed = true;
  sync();
}

void PodWorker::run_hook(std::size_t i, const api::LifecycleHandler& hook, Duration limit,
                         Callback<void(bool)> done) {
  const Text& id = pod_.containers[i].id;
  if (hook.exec) {
    std::vector<std::string> command;
    for (const Text& word : hook.exec->command) command.push_back(word.str());
    host_.runtime.exec_sync(id, std::move(command), limit,
                            [done = std::move(done)](Result<std::int32_t> code) mutable {
                              done(code.ok() && *code == 0);
                            });
  } else if (hook.sleep) {
    Duration nap = std::chrono::seconds(hook.sleep->seconds);
    if (limit > Duration{0}) nap = std::min(nap, limit);
    host_.env.loop.after(nap, [done = std::move(done)]() mutable { done(true); });
  } else {
    ProbeRequest request;
    request.kind = ProbeKind::kHook;
    request.pod = pod_.pod;
    request.container_id = id;
    request.container_name = pod_.spec_of(i).name;
    api::Probe probe;
    probe.http_get = hook.http_get;
    probe.tcp_socket = hook.tcp_socket;
    request.probe = std::move(probe);
    host_.runtime.probe(std::move(request), [done = std::move(done)](const ProbeAnswer& a) mutable {
      done(a.success);
    });
  }
}

}  // namespace orrery::kubelet
