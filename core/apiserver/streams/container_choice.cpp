#include "core/apiserver/streams/container_choice.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/values/quoted.h"

namespace orrery::apiserver {
namespace {

using Kind = api::ContainerState::Kind;

std::string names(const api::List<api::Container>& containers) {
  std::string out;
  for (const api::Container& c : containers) {
    if (!out.empty()) out += ' ';
    out += c.name.view();
  }
  return out;
}

bool has_ephemeral(const api::PodSpec& spec, std::string_view named) {
  if (!spec.extra || !spec.extra.json().is_object()) return false;
  const nlohmann::json& extra = spec.extra.json();
  const auto list = extra.find("ephemeralContainers");
  if (list == extra.end() || !list->is_array()) return false;
  for (const nlohmann::json& c : *list) {
    if (!c.is_object()) continue;
    const auto name = c.find("name");
    if (name != c.end() && name->is_string() && name->get_ref<const std::string&>() == named) {
      return true;
    }
  }
  return false;
}

Status waiting_to_start(const api::ContainerState& state, std::string_view which) {
  if (state.kind != Kind::kWaiting) {
    return bad_request(fmt::format("{} is waiting to start - no logs yet", which));
  }
  std::string_view why = state.reason.view();
  if (why == "ErrImagePull") why = "image can't be pulled";
  if (why == "ImagePullBackOff") why = "trying and failing to pull image";
  return bad_request(fmt::format("{} is waiting to start: {}", which, why));
}

}  // namespace

Result<Symbol> choose_container(const api::Pod& pod, std::string_view named) {
  static const api::PodSpec kNone;
  const api::PodSpec& spec = pod.spec ? *pod.spec : kNone;
  const std::string_view name = pod.meta.name.view();
  if (named.empty()) {
    if (spec.containers.size() == 1) return spec.containers[0].name;
    std::string why = fmt::format("a container name must be specified for pod {}", name);
    if (!spec.containers.empty()) {
      why += fmt::format(", choose one of: [{}]", names(spec.containers));
      if (!spec.init_containers.empty()) {
        why += fmt::format(" or one of the init containers: [{}]", names(spec.init_containers));
      }
    }
    return bad_request(why);
  }
  for (const auto* list : {&spec.containers, &spec.init_containers}) {
    for (const api::Container& c : *list) {
      if (c.name == named) return c.name;
    }
  }
  if (has_ephemeral(spec, named)) return Symbol(named);
  return bad_request(fmt::format("container {} is not valid for pod {}", named, name));
}

Status check_has_host(const api::Pod& pod) {
  if (!pod.node_name.empty()) return {};
  return bad_request(fmt::format("pod {} does not have a host assigned", pod.meta.name.view()));
}

const api::ContainerStatus* find_container_status(const api::Pod& pod, Symbol container) {
  for (const auto* list : {&pod.status.container_statuses, &pod.status.init_container_statuses}) {
    for (const api::ContainerStatus& status : *list) {
      if (status.name == container) return &status;
    }
  }
  return nullptr;
}

Status check_log_ready(const api::Pod& pod, Symbol container, bool previous) {
  const std::string which = fmt::format("container {} in pod {}", api::quoted(container.view()),
                                        api::quoted(pod.meta.name.view()));
  const api::ContainerStatus* status = find_container_status(pod, container);
  if (!status) return bad_request(which + " is not available");
  const api::ContainerState* last = status->last_state.get();
  const bool has_last = last && last->kind == Kind::kTerminated;
  const bool has_last_log = has_last && !last->container_id.empty();
  if (previous) {
    if (has_last_log) return {};
    return bad_request(fmt::format("previous terminated {} not found", which));
  }
  if (status->state.kind == Kind::kRunning) return {};
  if (status->state.kind == Kind::kTerminated) {
    if (!status->state.container_id.empty() || has_last_log) return {};
    return bad_request(which + " is terminated");
  }
  if (has_last) {
    return has_last_log ? Status() : bad_request(which + " is terminated");
  }
  return waiting_to_start(status->state, which);
}

Status check_running(const api::Pod& pod, Symbol container) {
  const api::ContainerStatus* status = find_container_status(pod, container);
  if (status && status->state.kind == Kind::kRunning) return {};
  return internal_error(fmt::format("container not found ({})", api::quoted(container.view())));
}

}  // namespace orrery::apiserver
