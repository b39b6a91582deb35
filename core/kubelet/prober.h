// Prober: the startup, liveness and readiness probes of one pod, with upstream's worker rules:
// ticks every periodSeconds counted from the pod's start, initialDelaySeconds, thresholds, hold
// after a failure until the container is another one. Stateless itself: works on a record's
// `probes`. Where the runtime says that probes answer the same until some instant, those in between
// are skipped; when all would answer the same for ever, the workers are freed until
// on_probe_changed().
#pragma once

#include "core/kubelet/pod_host.h"

namespace orrery::kubelet {

class Prober {
 public:
  Prober(PodHost& host, PodRecord& pod) : host_(host), pod_(pod) {}

  /// A container came up: its probes start; sets started and ready where it has none.
  void container_started(std::size_t i);
  /// It came up in an earlier life of the kubelet, which had found this out about it.
  void container_adopted(std::size_t i, bool started, bool ready);
  /// A container ended: its probes wait for the next one.
  void container_stopped(std::size_t i);
  /// The runtime's answers about this container may differ from now on.
  void answers_changed(std::size_t i);
  /// The pod is terminating: readiness goes on alone.
  void stop_liveness_and_startup();
  /// Ends all probing.
  void stop();
  /// Frees the workers if none will ever act by itself again.
  void compact();

 private:
  ProbeWorker* find(std::size_t container, ProbeKind kind);
  void add_workers(std::size_t i);
  void begin(ProbeWorker& worker, Time earliest);
  void schedule(ProbeWorker& worker, Time at);
  void tick(ProbeWorker& worker);
  void answered(ProbeWorker& worker, const ProbeAnswer& answer);
  void take(ProbeWorker& worker, bool success);
  void next(ProbeWorker& worker, bool success, Time same_until);
  void pause(ProbeWorker& worker);
  Time grid(Time from, Duration period) const;
  const api::Shared<api::Probe>& spec(const ProbeWorker& worker) const;

  PodHost& host_;
  PodRecord& pod_;
};

}  // namespace orrery::kubelet
