#include "core/kubelet/pod_conditions.h"

#include <fmt/format.h>

#include <string>

#include "core/base/hash.h"
#include "core/kubelet/pod_phase.h"
#include "core/kubelet/words.h"

namespace orrery::kubelet {
namespace {

using Kind = api::ContainerState::Kind;

struct Verdict {
  bool holds = true;
  Symbol reason;
  Text message;
};

// "containers with unready status: [a b]"
class NameList {
 public:
  void add(Symbol name) {
    if (!text_.empty()) text_ += ' ';
    text_ += name.view();
  }
  bool empty() const { return text_.empty(); }
  std::string told(std::string_view what) const {
    return fmt::format("containers with {} status: [{}]", what, text_);
  }

 private:
  std::string text_;
};

bool is_sidecar(const api::Container& c) { return c.restart_policy == words().always; }

Verdict initialized(const ConditionInput& in) {
  const api::PodSpec& spec = *in.pod.spec;
  if (spec.init_containers.empty()) return {};
  if (in.status.phase == words().succeeded) return {true, words().pod_completed, {}};
  if (any_main_container_started(in.status)) return {};
  NameList incomplete;
  for (std::size_t i = 0; i < spec.init_containers.size(); ++i) {
    const api::Container& c = spec.init_containers[i];
    const auto& all = in.status.init_container_statuses;
    const bool done =
        i < all.size() && (is_sidecar(c) ? all[i].started.value_or(false) : all[i].ready);
    if (!done) incomplete.add(c.name);
  }
  if (incomplete.empty()) return {};
  return {false, words().containers_not_initialized, incomplete.told("incomplete")};
}

Verdict containers_ready(const ConditionInput& in) {
  if (in.status.phase == words().succeeded) return {false, words().pod_completed, {}};
  if (in.status.phase == words().failed) return {false, words().pod_failed, {}};
  const api::PodSpec& spec = *in.pod.spec;
  NameList unready;
  for (std::size_t i = 0; i < spec.init_containers.size(); ++i) {
    const auto& all = in.status.init_container_statuses;
    if (is_sidecar(spec.init_containers[i]) && !(i < all.size() && all[i].ready)) {
      unready.add(spec.init_containers[i].name);
    }
  }
  for (std::size_t i = 0; i < spec.containers.size(); ++i) {
    const auto& all = in.status.container_statuses;
    if (!(i < all.size() && all[i].ready)) unready.add(spec.containers[i].name);
  }
  if (unready.empty()) return {};
  return {false, words().containers_not_ready, unready.told("unready")};
}

Verdict ready(const ConditionInput& in, const Verdict& containers) {
  if (!containers.holds) return containers;
  std::string message;
  for (const Symbol gate : in.pod.spec->readiness_gates) {
    const api::PodCondition* c = find_condition(in.pod.status, gate.view());
    if (c && c->status == words().true_) continue;
    if (!message.empty()) message += ", ";
    message +=
        c ? fmt::format("the status of pod readiness gate \"{}\" is not \"True\", but {}",
                        gate.view(), c->status.view())
          : fmt::format("corresponding condition of pod readiness gate \"{}\" does not exist.",
                        gate.view());
  }
  if (message.empty()) return {};
  return {false, words().readiness_gates_not_ready, message};
}

bool is_kubelets(Symbol type) {
  const Words& w = words();
  return type == w.pod_scheduled || type == w.initialized || type == w.ready ||
         type == w.containers_ready || type == w.ready_to_start;
}

void append(std::vector<api::PodCondition>& out, const ConditionInput& in, Symbol type,
            const Verdict& verdict) {
  api::PodCondition c;
  c.type = type;
  c.status = verdict.holds ? words().true_ : words().false_;
  c.reason = verdict.reason;
  c.message = verdict.message;
  c.observed_generation = in.pod.meta.generation;
  c.last_transition_time = in.now;
  for (const api::PodCondition& old : in.pod.status.conditions) {
    if (old.type == type && old.status == c.status)
      c.last_transition_time = old.last_transition_time;
  }
  out.push_back(std::move(c));
}

std::uint64_t hash_of(const std::vector<api::PodCondition>& conditions) {
  std::uint64_t h = conditions.size();
  for (const api::PodCondition& c : conditions) {
    h = mix64(h ^ static_cast<std::uint64_t>(c.last_transition_time.time_since_epoch().count()));
    h += c.type.id() * 31u + c.status.id() * 7u + c.reason.id();
  }
  return mix64(h);
}

}  // namespace

api::List<api::PodCondition> ConditionCache::share(std::vector<api::PodCondition> conditions) {
  auto& slot = slots_[hash_of(conditions) % kSlotsMax];
  api::List<api::PodCondition> fresh(std::move(conditions));
  if (!(slot == fresh)) slot = std::move(fresh);
  return slot;
}

std::vector<api::PodCondition> pod_conditions(const ConditionInput& in) {
  std::vector<api::PodCondition> out;
  out.reserve(in.pod.status.conditions.size() + 5);
  for (const api::PodCondition& c : in.pod.status.conditions) {
    if (!is_kubelets(c.type)) out.push_back(c);
  }
  const Words& w = words();
  const Verdict containers = containers_ready(in);
  append(out, in, w.ready_to_start, {in.sandbox_ready, {}, {}});
  append(out, in, w.initialized, initialized(in));
  append(out, in, w.ready, ready(in, containers));
  append(out, in, w.containers_ready, containers);
  append(out, in, w.pod_scheduled, {});
  return out;
}

}  // namespace orrery::kubelet
