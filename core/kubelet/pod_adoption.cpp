// PodWorker, fourth part: after a restart of the kubelet, what the runtime still has and what the
// API was last told are put together into a record.
#include "core/kubelet/pod_worker.h"
#include "core/kubelet/prober.h"

namespace orrery::kubelet {
namespace {

const api::ContainerStatus* reported(const PodRecord& pod, std::size_t i) {
  const api::PodStatus& s = pod.pod->status;
  const auto& all = pod.is_init(i) ? s.init_container_statuses : s.container_statuses;
  for (const api::ContainerStatus& c : all) {
    if (c.name == pod.spec_of(i).name) return &c;
  }
  return nullptr;
}

}  // namespace

void PodWorker::adopt(const SandboxStatus& sandbox,
                      const std::vector<RuntimeContainer>& containers) {
  if (!api::is_terminal(*pod_.pod)) allocate_resources();
  pod_.sandbox_id = sandbox.id;
  pod_.sandbox_ready = sandbox.ready;
  pod_.sandbox_attempt = static_cast<std::uint16_t>(sandbox.attempt + 1);
  pod_.ip = pod_.pod->spec->host_network ? host_.host_ip : sandbox.ip;
  for (std::size_t i = 0; i < pod_.containers.size(); ++i) {
    const RuntimeContainer* newest = nullptr;
    for (const RuntimeContainer& c : containers) {
      if (c.name == pod_.spec_of(i).name && (!newest || c.attempt > newest->attempt)) newest = &c;
    }
    adopt_container(i, newest);
  }
  if (!pod_.sandbox_ready) {  // the node was down: in a new sandbox the init containers run again
    pod_.initialized = false;
    for (std::size_t i = 0; i < pod_.inits; ++i) {
      if (!pod_.is_sidecar(i)) pod_.containers[i].stage = ContainerStage::kNone;
    }
  }
  if (api::is_terminal(*pod_.pod)) begin_termination(grace_of_pod());
}

void PodWorker::adopt_container(std::size_t i, const RuntimeContainer* found) {
  ContainerRecord& c = pod_.containers[i];
  const api::ContainerStatus* old = reported(pod_, i);
  if (old) {
    c.restart_count = old->restart_count;
    c.last_state = old->last_state;
    c.id = old->container_id;
    c.image_id = old->image_id;
  }
  if (!found) {
    if (c.id.empty()) return;
    c.stage = ContainerStage::kExited;  // it ran once, and nobody knows what became of it
    c.exit_code = 137;
    c.exit_reason = words().container_status_unknown;
    c.finished_at = host_.now();
    if (!pod_.is_init(i)) pod_.initialized = true;
    return;
  }
  if (old && !(old->container_id == found->id) &&
      old->state.kind == api::ContainerState::Kind::kTerminated) {
    c.last_state = old->state;
  }
  c.id = found->id;
  c.image_id = found->image_id;
  c.restart_count = static_cast<std::int32_t>(found->attempt);
  c.started_at = found->started_at;
  if (!pod_.is_init(i)) pod_.initialized = true;
  if (found->phase == ContainerPhase::kRunning) {
    c.stage = ContainerStage::kRunning;
    const bool same = old && old->container_id == found->id;
    Prober(host_, pod_)
        .container_adopted(i, same && old->started.value_or(false), same && old->ready);
    return;
  }
  // Created but not started in the last life counts as ended: it will be made again.
  c.stage = ContainerStage::kExited;
  c.exit_code = found->phase == ContainerPhase::kExited ? found->exit_code : 137;
  c.exit_reason =
      found->phase == ContainerPhase::kExited ? found->reason : words().container_status_unknown;
  if (c.exit_reason.empty()) c.exit_reason = c.exit_code == 0 ? words().completed : words().error;
  c.finished_at = is_set(found->finished_at) ? found->finished_at : host_.now();
}

}  // namespace orrery::kubelet
