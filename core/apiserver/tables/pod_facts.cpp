// PodFacts from a document and from the typed pod.
#include <algorithm>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/pod_row.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;
using Kind = ContainerFacts::Kind;

void read_state(const Json& state, ContainerFacts& out) {
  if (const Json* waiting = member(state, "waiting")) {
    out.state = Kind::kWaiting;
    out.reason = text(*waiting, "reason");
  } else if (const Json* ended = member(state, "terminated")) {
    out.state = Kind::kTerminated;
    out.reason = text(*ended, "reason");
    out.exit_code = static_cast<std::int32_t>(integer(*ended, "exitCode"));
    out.signal = static_cast<std::int32_t>(integer(*ended, "signal"));
  } else if (has(state, "running")) {
    out.state = Kind::kRunning;
  }
}

ContainerFacts container_facts(const Json& status) {
  ContainerFacts out;
  read_state(object(status, "state"), out);
  out.restart_count = static_cast<std::int32_t>(integer(status, "restartCount"));
  out.last_finished_at = time_at(object_at(status, {"lastState", "terminated"}), "finishedAt");
  out.is_started = flag(status, "started");
  out.is_ready = flag(status, "ready");
  return out;
}

ContainerFacts container_facts(const api::ContainerStatus& status) {
  ContainerFacts out;
  out.state = status.state.kind;
  out.reason = status.state.reason.view();
  out.exit_code = status.state.exit_code;
  out.signal = status.state.signal;
  out.restart_count = status.restart_count;
  if (status.last_state && status.last_state->kind == Kind::kTerminated) {
    out.last_finished_at = status.last_state->finished_at;
  }
  out.is_started = status.started.value_or(false);
  out.is_ready = status.ready;
  return out;
}

bool is_sidecar(const Json& container) { return text(container, "restartPolicy") == "Always"; }

void read_condition(std::string_view type, std::string_view status, std::string_view reason,
                    PodFacts& out) {
  if (type == "PodScheduled" && reason == "SchedulingGated") out.is_gated = true;
  if (type == "Initialized" && status == "True") out.is_initialized = true;
  if (type == "Ready" && status == "True") out.is_ready = true;
}

void read_spec(const Json& spec, const Json& conditions, PodFacts& out) {
  out.container_count = array(spec, "containers").size();
  const Json& init = array(spec, "initContainers");
  out.init_container_count = init.size();
  out.sidecar_count = static_cast<std::size_t>(std::count_if(init.begin(), init.end(), is_sidecar));
  out.node = text(spec, "nodeName");
  for (const Json& gate : array(spec, "readinessGates")) {
    ++out.gate_count;
    const auto found = std::find_if(conditions.begin(), conditions.end(), [&](const Json& c) {
      return text(c, "type") == text(gate, "conditionType");
    });
    if (found != conditions.end() && text(*found, "status") == "True") ++out.gates_open;
  }
}

void read_init_statuses(const Json& spec, const Json& status, PodFacts& out) {
  const Json& init = array(spec, "initContainers");
  for (const Json& one : array(status, "initContainerStatuses")) {
    ContainerFacts facts = container_facts(one);
    for (const Json& container : init) {
      if (text(container, "name") == text(one, "name")) facts.is_sidecar = is_sidecar(container);
    }
    out.init_containers.push_back(facts);
  }
}

void read_status(const api::PodStatus& status, PodFacts& out) {
  out.phase = status.phase.view();
  out.reason = status.reason.view();
  out.ip = status.pod_ip.view();
  out.nominated_node = status.nominated_node_name.view();
  for (const api::PodCondition& c : status.conditions) {
    read_condition(c.type.view(), c.status.view(), c.reason.view(), out);
  }
  out.containers.reserve(status.container_statuses.size());
  for (const api::ContainerStatus& one : status.container_statuses) {
    out.containers.push_back(container_facts(one));
  }
}

void read_spec(const api::PodSpec& spec, const api::PodStatus& status, PodFacts& out) {
  out.container_count = spec.containers.size();
  out.init_container_count = spec.init_containers.size();
  for (const api::Container& c : spec.init_containers) {
    if (c.restart_policy == "Always") ++out.sidecar_count;
  }
  out.gate_count = spec.readiness_gates.size();
  for (const Symbol gate : spec.readiness_gates) {
    const api::PodCondition* condition = api::find_condition(status, gate.view());
    if (condition && condition->status == "True") ++out.gates_open;
  }
  for (const api::ContainerStatus& one : status.init_container_statuses) {
    ContainerFacts facts = container_facts(one);
    for (const api::Container& c : spec.init_containers) {
      if (c.name == one.name) facts.is_sidecar = c.restart_policy == "Always";
    }
    out.init_containers.push_back(facts);
  }
}

}  // namespace

PodFacts pod_facts(const Json& pod) {
  const Json& spec = object(pod, "spec");
  const Json& status = object(pod, "status");
  const Json& conditions = array(status, "conditions");
  PodFacts out;
  out.name = name_of(pod);
  out.created_at = time_at(object(pod, "metadata"), "creationTimestamp");
  out.is_being_deleted = is_being_deleted(pod);
  out.phase = text(status, "phase");
  out.reason = text(status, "reason");
  out.ip = text(status, "podIP");
  const Json& ips = array(status, "podIPs");
  if (out.ip.empty() && !ips.empty()) out.ip = text(ips.front(), "ip");
  out.nominated_node = text(status, "nominatedNodeName");
  for (const Json& c : conditions) {
    read_condition(text(c, "type"), text(c, "status"), text(c, "reason"), out);
  }
  read_spec(spec, conditions, out);
  read_init_statuses(spec, status, out);
  for (const Json& one : array(status, "containerStatuses")) {
    out.containers.push_back(container_facts(one));
  }
  return out;
}

PodFacts pod_facts(const api::Pod& pod) {
  PodFacts out;
  out.name = pod.meta.name.view();
  out.created_at = pod.meta.creation_timestamp;
  out.is_being_deleted = pod.meta.is_being_deleted();
  out.node = pod.node_name.view();
  read_status(pod.status, out);
  if (pod.spec) read_spec(*pod.spec, pod.status, out);
  return out;
}

}  // namespace orrery::apiserver
