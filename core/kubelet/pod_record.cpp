#include "core/kubelet/pod_record.h"

#include <fmt/format.h>

#include "core/kubelet/words.h"

namespace orrery::kubelet {

bool PodRecord::is_sidecar(std::size_t i) const {
  return is_init(i) && pod->spec->init_containers[i].restart_policy == words().always;
}

std::size_t PodRecord::index_of(Symbol name) const {
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (spec_of(i).name == name) return i;
  }
  return npos;
}

std::unique_ptr<PodRecord> new_record(Ref<const api::Pod> pod, Time now) {
  auto record = std::make_unique<PodRecord>();
  record->inits = static_cast<std::uint16_t>(pod->spec->init_containers.size());
  record->containers.resize(record->inits + pod->spec->containers.size());
  record->synced_at = now;
  record->pod = std::move(pod);
  return record;
}

api::ContainerState terminated_state(const ContainerRecord& c) {
  api::ContainerState state;
  state.kind = api::ContainerState::Kind::kTerminated;
  state.exit_code = c.exit_code;
  state.reason = c.exit_reason;
  if (c.trouble) state.message = c.trouble->exit_message;
  state.started_at = truncate_to_second(c.started_at);
  state.finished_at = truncate_to_second(c.finished_at);
  state.container_id = c.id;
  return state;
}

std::string describe(const api::Pod& pod) {
  return fmt::format("{}_{}({})", pod.meta.name.view(), pod.meta.namespace_.view(),
                     pod.meta.uid.str());
}

}  // namespace orrery::kubelet
