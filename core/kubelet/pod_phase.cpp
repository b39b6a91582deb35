#include "core/kubelet/pod_phase.h"

#include "core/kubelet/words.h"

namespace orrery::kubelet {
namespace {

using api::ContainerStatus;
using Kind = api::ContainerState::Kind;

bool has_ended_before(const ContainerStatus& c) {
  return c.last_state && c.last_state->kind == Kind::kTerminated;
}

struct Counts {
  int pending_init = 0, pending_sidecars = 0, failed_init = 0;
  int unknown = 0, running = 0, waiting = 0, stopped = 0, succeeded = 0;

  void init(const ContainerStatus& c) {
    if (c.state.kind == Kind::kTerminated) {
      failed_init += c.state.exit_code != 0;
    } else if (c.state.kind == Kind::kWaiting && has_ended_before(c)) {
      failed_init += c.last_state->exit_code != 0;
    } else {
      ++pending_init;
    }
  }
  // A sidecar that ended does not count: it will be started again, or the pod is over.
  void sidecar(const ContainerStatus& c) {
    if (c.state.kind == Kind::kRunning) {
      pending_sidecars += !c.started.value_or(false);
      ++running;
    } else if (c.state.kind == Kind::kWaiting) {
      if (has_ended_before(c)) return;
      ++pending_sidecars;
      ++waiting;
    } else if (c.state.kind == Kind::kNone) {
      ++pending_sidecars;
      ++unknown;
    }
  }
  void main(const ContainerStatus& c) {
    if (c.state.kind == Kind::kRunning) {
      ++running;
    } else if (c.state.kind == Kind::kTerminated) {
      ++stopped;
      succeeded += c.state.exit_code == 0;
    } else if (c.state.kind == Kind::kWaiting) {
      ++(has_ended_before(c) ? stopped : waiting);
    } else {
      ++unknown;
    }
  }
};

Counts count(const api::PodSpec& spec, const api::PodStatus& status) {
  Counts n;
  for (std::size_t i = 0; i < spec.init_containers.size(); ++i) {
    const bool sidecar = spec.init_containers[i].restart_policy == words().always;
    if (i >= status.init_container_statuses.size()) {
      ++(sidecar ? n.unknown : n.pending_init);
    } else if (sidecar) {
      n.sidecar(status.init_container_statuses[i]);
    } else {
      n.init(status.init_container_statuses[i]);
    }
  }
  for (std::size_t i = 0; i < spec.containers.size(); ++i) {
    if (i >= status.container_statuses.size()) {
      ++n.unknown;
    } else {
      n.main(status.container_statuses[i]);
    }
  }
  return n;
}

}  // namespace

bool any_main_container_started(const api::PodStatus& status) {
  for (const ContainerStatus& c : status.container_statuses) {
    if (c.state.kind == Kind::kRunning || c.state.kind == Kind::kTerminated ||
        has_ended_before(c)) {
      return true;
    }
  }
  return false;
}

Symbol pod_phase(const api::PodSpec& spec, const api::PodStatus& status, bool terminal) {
  const Words& w = words();
  const Counts n = count(spec, status);
  const bool never = spec.restart_policy == w.never;
  if (n.failed_init > 0 && never) return w.failed;
  if (n.pending_init > 0 || (n.pending_sidecars > 0 && !any_main_container_started(status)) ||
      n.waiting > 0) {
    return w.pending;
  }
  if (n.running > 0 && n.unknown == 0) return w.running;
  if (n.running == 0 && n.stopped > 0 && n.unknown == 0) {
    const bool well = n.stopped == n.succeeded;
    if (terminal) return well ? w.succeeded : w.failed;
    if (spec.restart_policy == w.always) return w.running;
    if (well) return w.succeeded;
    return never ? w.failed : w.running;
  }
  return w.pending;
}

}  // namespace orrery::kubelet
