#include "tests/golden/controllers/scripted_kubelet.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/apps.h"
#include "core/client/typed_client.h"

namespace orrery::golden {
namespace {

// The n-th whole number in the text, counted from 1.
int number_in(std::string_view text, int n) {
  std::size_t at = 0;
  for (;;) {
    at = text.find_first_of("0123456789", at);
    CHECK(at != std::string_view::npos);
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    if (--n == 0) return std::stoi(std::string(text.substr(at, end - at)));
    at = end;
  }
}

std::string completion_index(const api::Pod& pod) {
  return pod.meta.labels.get(Symbol("batch.kubernetes.io/job-completion-index")).str();
}

}  // namespace

bool ScriptedKubelet::act(std::string_view text) {
  constexpr std::string_view kFinished = "pods finished [completion index, exit code]: ";
  if (text.starts_with("tick: ")) {
    tick(number_in(text, 3));
  } else if (text == "terminating pods removed" || text == "removed") {
    remove_terminating(terminating());
  } else if (text == "one pod Failed") {
    finish(*pods().front(), 1);
  } else if (text.starts_with(kFinished)) {
    bind_all();
    finish_all(text.substr(kFinished.size()));
  } else if (text == "pod deletion requested") {
    for (const PodRef& pod : pods()) {
      if (pod->meta.is_being_deleted()) continue;
      world_.call(world_.about(Verb::kDelete, api::KindId::kPod, pod->meta.name.view()));
      break;
    }
  } else if (text.starts_with("in each deployment ")) {
    ready_in_each_deployment(number_in(text, 1));
  } else {
    return false;
  }
  return true;
}

std::vector<ScriptedKubelet::PodRef> ScriptedKubelet::pods() const {
  std::vector<PodRef> out;
  for (const api::ObjectRef& object : world_.list(api::KindId::kPod)) {
    out.push_back(api::as<api::Pod>(object));
  }
  std::stable_sort(out.begin(), out.end(), [](const PodRef& a, const PodRef& b) {
    return a->meta.creation_timestamp < b->meta.creation_timestamp;
  });
  return out;
}

std::vector<ScriptedKubelet::PodRef> ScriptedKubelet::terminating() const {
  std::vector<PodRef> out = pods();
  std::erase_if(out, [](const PodRef& pod) { return !pod->meta.is_being_deleted(); });
  return out;
}

void ScriptedKubelet::bind_all() {
  for (const PodRef& pod : pods()) {
    if (pod->node_name.empty() && !pod->meta.is_being_deleted()) bind(*pod);
  }
}

void ScriptedKubelet::tick(int ready_max) {
  const std::vector<PodRef> at_start = pods();
  const std::vector<PodRef> going = terminating();
  for (const PodRef& pod : at_start) {
    if (pod->node_name.empty() && !pod->meta.is_being_deleted()) bind(*pod);
  }
  for (const PodRef& pod : at_start) {
    if (ready_max == 0) break;
    if (pod->meta.is_being_deleted() || api::is_ready(*pod) || api::is_terminal(*pod)) continue;
    run(*pod);
    --ready_max;
  }
  remove_terminating(going);
}

void ScriptedKubelet::make_ready(std::string_view name) {
  for (const PodRef& pod : pods()) {
    if (!(pod->meta.name == name)) continue;
    if (pod->node_name.empty()) bind(*pod);
    run(*pod);
  }
}

void ScriptedKubelet::ready_in_each_deployment(int count) {
  for (const api::ObjectRef& set : world_.list(api::KindId::kReplicaSet)) {
    int left = count;
    for (const PodRef& pod : pods()) {
      const api::OwnerReference* owner = api::controller_of(pod->meta);
      if (!owner || owner->uid != set->meta.uid || left-- <= 0) continue;
      if (pod->node_name.empty()) bind(*pod);
      run(*pod);
    }
  }
}

void ScriptedKubelet::bind(const api::Pod& pod) {
  Request request = world_.about(Verb::kCreate, api::KindId::kPod, pod.meta.name.view());
  request.subresource = Subresource::kBinding;
  // DaemonSet pods name their node; all others go to n0.
  request.node = Symbol("n0");
  if (pod.spec && pod.spec->affinity && pod.spec->affinity->node_affinity &&
      pod.spec->affinity->node_affinity->required) {
    for (const auto& term : pod.spec->affinity->node_affinity->required->node_selector_terms) {
      for (const auto& field : term.match_fields) request.node = field.values.front();
    }
  }
  const Response response = world_.call(std::move(request));
  CHECK(response.status.ok());
}

void ScriptedKubelet::run(const api::Pod& pod) {
  api::PodStatus status = pod.status;
  status.phase = Symbol("Running");
  status.start_time = truncate_to_second(world_.env.now());
  for (const char* type : {"Ready", "ContainersReady", "Initialized", "PodScheduled"}) {
    api::PodCondition condition;
    condition.type = Symbol(type);
    condition.status = Symbol("True");
    condition.last_transition_time = truncate_to_second(world_.env.now());
    api::set_condition(status, std::move(condition));
  }
  write_status(pod, std::move(status));
}

void ScriptedKubelet::finish(const api::Pod& pod, int exit_code) {
  if (pod.node_name.empty()) bind(pod);
  api::PodStatus status = pod.status;
  status.phase = Symbol(exit_code == 0 ? "Succeeded" : "Failed");
  api::PodCondition condition;
  condition.type = Symbol("Ready");
  condition.status = Symbol("False");
  condition.last_transition_time = truncate_to_second(world_.env.now());
  api::set_condition(status, std::move(condition));
  std::vector<api::ContainerStatus> containers;
  for (const api::Container& c : pod.spec->containers) {
    api::ContainerStatus container;
    container.name = c.name;
    container.image = c.image;
    container.state.kind = api::ContainerState::Kind::kTerminated;
    container.state.exit_code = exit_code;
    container.state.finished_at = truncate_to_second(world_.env.now());
    containers.push_back(std::move(container));
  }
  status.container_statuses = api::List<api::ContainerStatus>(std::move(containers));
  write_status(pod, std::move(status));
}

void ScriptedKubelet::finish_all(std::string_view index_and_code) {
  for (const auto& pair : nlohmann::json::parse(index_and_code)) {
    for (const PodRef& pod : pods()) {
      if (api::is_terminal(*pod) || pod->meta.is_being_deleted()) continue;
      if (!pair[0].is_null() && completion_index(*pod) != pair[0].get<std::string>()) continue;
      finish(*pod, pair[1].get<int>());
      break;
    }
  }
}

void ScriptedKubelet::write_status(const api::Pod& pod, api::PodStatus status) {
  Ref<api::Pod> changed(new api::Pod(pod));
  changed->meta.resource_version = 0;
  changed->status = std::move(status);
  Request request = world_.about(Verb::kUpdate, api::KindId::kPod, pod.meta.name.view());
  request.subresource = Subresource::kStatus;
  request.object = changed;
  world_.call(std::move(request));  // the pod may have gone meanwhile
}

void ScriptedKubelet::remove_terminating(const std::vector<PodRef>& going) {
  for (const PodRef& pod : going) {
    Request request = world_.about(Verb::kDelete, api::KindId::kPod, pod->meta.name.view());
    request.remove.grace_period_seconds = 0;
    world_.call(std::move(request));
  }
}

}  // namespace orrery::golden
