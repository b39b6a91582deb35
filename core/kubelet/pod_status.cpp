#include "core/kubelet/pod_status.h"

#include <fmt/format.h>

#include "core/kubelet/pod_actions.h"
#include "core/kubelet/pod_phase.h"
#include "core/kubelet/words.h"

namespace orrery::kubelet {
namespace {

using api::ContainerState;
using Kind = api::ContainerState::Kind;

// How long a container has to wait, as its state's reason and message.
ContainerState waiting_state(const PodRecord& record, std::size_t i, const StatusContext& context) {
  const Words& w = words();
  const ContainerTrouble* trouble = record.containers[i].trouble.get();
  ContainerState state;
  state.kind = Kind::kWaiting;
  if (!trouble || trouble->waiting_reason.empty()) {
    state.reason = record.inits > 0 ? w.pod_initializing : w.container_creating;
    return state;
  }
  state.reason = trouble->waiting_reason;
  state.message = trouble->waiting_message;
  if (trouble->waiting_reason == w.err_image_pull &&
      context.now >= trouble->failed_at + context.config.relist_period) {
    state.reason = w.image_pull_backoff;
    state.message = fmt::format("Back-off pulling image \"{}\": ErrImagePull: {}",
                                record.spec_of(i).image.view(), trouble->waiting_message.view());
  }
  return state;
}

// The container ended and is to run again, but not yet.
bool is_backing_off(const PodRecord& record, std::size_t i, const StatusContext& context) {
  const ContainerRecord& c = record.containers[i];
  if (record.stage != PodStage::kActive || c.stage != ContainerStage::kExited) return false;
  if (!wants_restart(record, i) || !c.trouble) return false;
  return !c.trouble->waiting_reason.empty() || context.now < retry_time(record, i, context.config);
}

ContainerState backoff_state(const PodRecord& record, std::size_t i, const StatusContext& context) {
  const ContainerTrouble& trouble = *record.containers[i].trouble;
  if (!trouble.waiting_reason.empty()) return waiting_state(record, i, context);
  ContainerState state;
  state.kind = Kind::kWaiting;
  state.reason = words().crash_loop;
  state.message = fmt::format("back-off {} restarting failed container={} pod={}",
                              format_duration(trouble.restart.delay), record.spec_of(i).name.view(),
                              describe(*record.pod));
  return state;
}

// What a pod reports of a container that never came to run before the pod ended.
ContainerState never_ran() {
  ContainerState state;
  state.kind = Kind::kTerminated;
  state.exit_code = 137;
  state.reason = words().container_status_unknown;
  state.message = Text("The container could not be located when the pod was terminated");
  return state;
}

bool is_over(const PodRecord& record) { return record.stage == PodStage::kTerminated; }

api::ContainerStatus container_status(const PodRecord& record, std::size_t i,
                                      const StatusContext& context) {
  const ContainerRecord& c = record.containers[i];
  const api::Container& spec = record.spec_of(i);
  api::ContainerStatus out;
  out.name = spec.name;
  out.image = spec.image;
  out.image_id = c.image_id;
  out.container_id = c.id;
  out.restart_count = c.restart_count;
  out.last_state = c.last_state;
  out.started = c.stage == ContainerStage::kRunning && c.started;
  if (c.stage == ContainerStage::kRunning) {
    out.state.kind = Kind::kRunning;
    out.state.started_at = truncate_to_second(c.started_at);
    out.ready = c.ready && (!record.is_init(i) || record.is_sidecar(i));
  } else if (is_backing_off(record, i, context)) {
    out.last_state = terminated_state(c);
    out.state = backoff_state(record, i, context);
  } else if (c.stage == ContainerStage::kExited) {
    out.state = terminated_state(c);
    out.ready = record.is_init(i) && !record.is_sidecar(i) && c.exit_code == 0;
  } else if (is_over(record) && (record.initialized || record.inits == 0)) {
    out.state = never_ran();
  } else {
    out.state = waiting_state(record, i, context);
  }
  return out;
}

void fill_containers(api::PodStatus& status, const PodRecord& record,
                     const StatusContext& context) {
  std::vector<api::ContainerStatus> inits, mains;
  inits.reserve(record.inits);
  mains.reserve(record.containers.size() - record.inits);
  for (std::size_t i = 0; i < record.containers.size(); ++i) {
    (record.is_init(i) ? inits : mains).push_back(container_status(record, i, context));
  }
  status.init_container_statuses = std::move(inits);
  status.container_statuses = std::move(mains);
}

void fill_phase(api::PodStatus& status, const PodRecord& record) {
  const Words& w = words();
  const Symbol old = record.pod->status.phase;
  if (record.deadline_exceeded && is_over(record)) {  // not while containers still run
    status.phase = w.failed;
    status.reason = w.deadline_exceeded;
    status.message = Text("Pod was active on the node longer than the specified deadline");
  } else if (old == w.failed || old == w.succeeded) {
    status.phase = old;  // no way back
  } else {
    status.phase = pod_phase(*record.pod->spec, status, is_over(record));
  }
}

}  // namespace

api::PodStatus compute_status(const PodRecord& record, const StatusContext& context) {
  api::PodStatus status = record.pod->status;
  status.observed_generation = record.pod->meta.generation;
  if (record.stage == PodStage::kRejected) {
    if (!record.work || record.work->reject_reason.empty()) return status;
    status.phase = words().failed;
    status.reason = record.work->reject_reason;
    status.message = record.work->reject_message;
    if (!is_set(status.start_time)) status.start_time = truncate_to_second(context.now);
    return status;
  }
  if (!is_set(status.start_time)) status.start_time = truncate_to_second(record.synced_at);
  status.host_ip = context.host_ip;
  if (!record.ip.empty()) status.pod_ip = record.ip;
  fill_containers(status, record, context);
  fill_phase(status, record);
  status.conditions = context.conditions.share(
      pod_conditions({*record.pod, status, record.sandbox_ready, truncate_to_second(context.now)}));
  return status;
}

}  // namespace orrery::kubelet
