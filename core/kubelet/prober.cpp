#include "core/kubelet/prober.h"

#include "core/kubelet/kubelet_events.h"
#include "core/kubelet/pod_worker.h"

namespace orrery::kubelet {
namespace {

const api::Shared<api::Probe>& probe_of(const api::Container& c, ProbeKind kind) {
  switch (kind) {
    case ProbeKind::kStartup:
      return c.startup_probe;
    case ProbeKind::kLiveness:
      return c.liveness_probe;
    default:
      return c.readiness_probe;
  }
}

ProbeKind kind_of(const ProbeWorker& worker) { return static_cast<ProbeKind>(worker.kind); }

std::int32_t at_least_one(std::int32_t n) { return n < 1 ? 1 : n; }
Duration period_of(const api::Probe& probe) {
  return std::chrono::seconds(probe.period_seconds < 1 ? 10 : probe.period_seconds);
}

constexpr ProbeKind kKinds[] = {ProbeKind::kStartup, ProbeKind::kLiveness, ProbeKind::kReadiness};

std::string_view name_of(ProbeKind kind) {
  return kind == ProbeKind::kStartup    ? "Startup"
         : kind == ProbeKind::kLiveness ? "Liveness"
                                        : "Readiness";
}

}  // namespace

const api::Shared<api::Probe>& Prober::spec(const ProbeWorker& worker) const {
  return probe_of(pod_.spec_of(worker.container), kind_of(worker));
}

ProbeWorker* Prober::find(std::size_t container, ProbeKind kind) {
  if (!pod_.probes) return nullptr;
  for (ProbeWorker& w : *pod_.probes) {
    if (w.container == container && kind_of(w) == kind) return &w;
  }
  return nullptr;
}

// First tick at or after `from`: ticks count from the instant the kubelet first saw the pod.
Time Prober::grid(Time from, Duration period) const {
  if (from <= pod_.synced_at) return pod_.synced_at;
  const auto steps = (from - pod_.synced_at + period - Duration{1}) / period;
  return pod_.synced_at + steps * period;
}

void Prober::add_workers(std::size_t i) {
  const api::Container& c = pod_.spec_of(i);
  for (const ProbeKind kind : kKinds) {
    if (!probe_of(c, kind) || find(i, kind)) continue;
    if (!pod_.probes) pod_.probes = std::make_unique<std::vector<ProbeWorker>>();
    ProbeWorker worker;
    worker.container = static_cast<std::uint16_t>(i);
    worker.kind = static_cast<std::uint8_t>(kind);
    pod_.probes->push_back(worker);
  }
}

void Prober::begin(ProbeWorker& worker, Time earliest) {
  const api::Probe& probe = *spec(worker);
  const ContainerRecord& c = pod_.containers[worker.container];
  const Time due = c.started_at + std::chrono::seconds(probe.initial_delay_seconds);
  schedule(worker, std::max(earliest, grid(std::max(due, host_.now()), period_of(probe))));
}

void Prober::container_started(std::size_t i) {
  ContainerRecord& c = pod_.containers[i];
  const api::Container& spec = pod_.spec_of(i);
  c.unhealthy = false;
  c.started = !spec.startup_probe;
  c.ready = c.started && !spec.readiness_probe;
  if (!spec.startup_probe && !spec.liveness_probe && !spec.readiness_probe) return;
  add_workers(i);
  for (const ProbeKind kind : kKinds) {
    ProbeWorker* worker = find(i, kind);
    if (!worker) continue;
    pause(*worker);
    worker->on_hold = false;
    worker->run = 0;
    worker->last = ProbeResult::kUnknown;
    // Liveness and readiness wait for the startup probe.
    if (kind == ProbeKind::kStartup || c.started) begin(*worker, host_.now());
  }
}

void Prober::container_adopted(std::size_t i, bool started, bool ready) {
  container_started(i);
  ContainerRecord& c = pod_.containers[i];
  if (pod_.spec_of(i).readiness_probe) c.ready = ready;
  if (!started || c.started) return;
  c.started = true;
  c.ready = ready;
  for (const ProbeKind kind : kKinds) {
    ProbeWorker* worker = find(i, kind);
    if (!worker) continue;
    pause(*worker);
    if (kind == ProbeKind::kStartup) {
      worker->settled = true;
    } else {
      begin(*worker, host_.now());
    }
  }
}

void Prober::container_stopped(std::size_t i) {
  if (!pod_.probes) return;
  for (ProbeWorker& w : *pod_.probes) {
    if (w.container == i) pause(w);
  }
}

void Prober::pause(ProbeWorker& worker) {
  host_.env.loop.cancel(worker.timer);
  worker.timer = {};
  worker.in_flight = worker.changed = worker.settled = false;
  ++worker.serial;
}

void Prober::stop() {
  if (!pod_.probes) return;
  for (ProbeWorker& w : *pod_.probes) pause(w);
  pod_.probes.reset();
}

void Prober::stop_liveness_and_startup() {
  if (!pod_.probes) return;
  for (ProbeWorker& w : *pod_.probes) {
    if (kind_of(w) != ProbeKind::kReadiness) {
      pause(w);
      w.on_hold = true;
    }
  }
}

void Prober::schedule(ProbeWorker& worker, Time at) {
  worker.settled = at == kNever;
  if (worker.settled) return;
  const std::uint16_t container = worker.container;
  const ProbeKind kind = kind_of(worker);
  worker.timer = host_.env.loop.at(
      at, host_.bound(pod_.pod->meta.uid, [container, kind](PodHost& host, PodRecord& pod) {
        Prober prober(host, pod);
        if (ProbeWorker* w = prober.find(container, kind)) prober.tick(*w);
      }));
}

void Prober::tick(ProbeWorker& worker) {
  worker.timer = {};
  const ContainerRecord& c = pod_.containers[worker.container];
  if (c.stage != ContainerStage::kRunning || worker.on_hold) return;
  worker.in_flight = true;
  ProbeRequest request;
  request.kind = kind_of(worker);
  request.pod = pod_.pod;
  request.container_id = c.id;
  request.container_name = pod_.spec_of(worker.container).name;
  request.probe = spec(worker);
  const std::uint16_t container = worker.container;
  const ProbeKind kind = kind_of(worker);
  const std::uint32_t serial = worker.serial;
  host_.runtime.probe(
      std::move(request),
      host_.bound(pod_.pod->meta.uid, [container, kind, serial](PodHost& host, PodRecord& pod,
                                                                const ProbeAnswer& answer) {
        Prober prober(host, pod);
        ProbeWorker* w = prober.find(container, kind);
        if (!w || w->serial != serial) return;
        prober.answered(*w, answer);
      }));
}

void Prober::answered(ProbeWorker& worker, const ProbeAnswer& answer) {
  const ProbeKind kind = kind_of(worker);
  worker.in_flight = false;
  if (!answer.success) {
    KubeletEvents(host_.recorder, *pod_.pod)
        .warning("Unhealthy", "{} probe failed: {}", name_of(kind), answer.message.view());
  }
  const ContainerRecord& c = pod_.containers[worker.container];
  const bool started = c.started, ready = c.ready;
  take(worker, answer.success);
  const bool changed = c.started != started || c.ready != ready || c.unhealthy;
  if (!worker.on_hold && !(kind == ProbeKind::kStartup && c.started)) {
    next(worker, answer.success, worker.changed ? Time{} : answer.same_until);
  } else {
    worker.settled = true;
  }
  worker.changed = false;
  if (changed) {
    PodWorker(host_, pod_).sync();  // may compact or forget: nothing after it
  } else {
    compact();
  }
}

// Counts an answer; past the threshold it becomes the container's state.
void Prober::take(ProbeWorker& worker, bool success) {
  const api::Probe& probe = *spec(worker);
  ContainerRecord& c = pod_.containers[worker.container];
  const ProbeResult result = success ? ProbeResult::kSuccess : ProbeResult::kFailure;
  worker.run = worker.last == result ? worker.run + 1 : 1;
  worker.last = result;
  if (worker.run < at_least_one(success ? probe.success_threshold : probe.failure_threshold))
    return;
  const ProbeKind kind = kind_of(worker);
  if (kind == ProbeKind::kReadiness) {
    c.ready = success && c.started;
    return;
  }
  if (!success) {
    worker.on_hold = true;
    worker.run = 0;
    c.unhealthy = true;
    c.startup_failed = kind == ProbeKind::kStartup;
    return;
  }
  if (kind == ProbeKind::kLiveness || c.started) return;
  c.started = true;
  const std::size_t i = worker.container;
  c.ready = !pod_.spec_of(i).readiness_probe;
  // The readiness probe comes at once (upstream's manual trigger), liveness at its next tick.
  if (ProbeWorker* readiness = find(i, ProbeKind::kReadiness)) {
    const api::Probe& r = *spec(*readiness);
    schedule(*readiness,
             std::max(host_.now(), c.started_at + std::chrono::seconds(r.initial_delay_seconds)));
  }
  if (ProbeWorker* liveness = find(i, ProbeKind::kLiveness)) {
    begin(*liveness, host_.now() + Duration{1});
  }
}

void Prober::next(ProbeWorker& worker, bool success, Time same_until) {
  const api::Probe& probe = *spec(worker);
  const Duration period = period_of(probe);
  const Time following = grid(host_.now() + Duration{1}, period);
  const bool decided =
      worker.run >= at_least_one(success ? probe.success_threshold : probe.failure_threshold);
  if (!decided || same_until <= following) {
    schedule(worker, following);
  } else {
    schedule(worker, same_until == kNever ? kNever : grid(same_until, period));
  }
}

void Prober::answers_changed(std::size_t i) {
  const ContainerRecord& c = pod_.containers[i];
  if (c.stage != ContainerStage::kRunning) return;
  const bool fresh = !pod_.probes;
  if (fresh) {  // freed: every worker had succeeded for good
    for (std::size_t k = 0; k < pod_.containers.size(); ++k) add_workers(k);
    if (!pod_.probes) return;
    for (ProbeWorker& w : *pod_.probes) {
      w.last = ProbeResult::kSuccess;
      w.run = at_least_one(spec(w)->success_threshold);
      w.settled = true;
    }
  }
  for (const ProbeKind kind : kKinds) {
    ProbeWorker* w = find(i, kind);
    if (!w || w->on_hold) continue;
    if (c.started == (kind == ProbeKind::kStartup)) continue;
    if (w->in_flight) {
      w->changed = true;
    } else {
      host_.env.loop.cancel(w->timer);
      schedule(*w, grid(host_.now(), period_of(*spec(*w))));
    }
  }
}

void Prober::compact() {
  if (!pod_.probes) return;
  for (const ProbeWorker& w : *pod_.probes) {
    const ContainerRecord& c = pod_.containers[w.container];
    const bool done_startup = kind_of(w) == ProbeKind::kStartup && c.started;
    if (w.in_flight || w.on_hold || !w.settled || c.stage != ContainerStage::kRunning) return;
    if (!done_startup && w.last != ProbeResult::kSuccess) return;
  }
  pod_.probes.reset();
}

}  // namespace orrery::kubelet
