#include "core/api/pod.h"

namespace orrery::api {

const PodCondition* find_condition(const PodStatus& status, std::string_view type) {
  for (const PodCondition& c : status.conditions) {
    if (c.type == type) return &c;
  }
  return nullptr;
}

bool set_condition(PodStatus& status, PodCondition condition) {
  const PodCondition* old = find_condition(status, condition.type.view());
  if (old) {
    if (old->status == condition.status) condition.last_transition_time = old->last_transition_time;
    if (*old == condition) return false;
  }
  auto& all = status.conditions.edit();
  for (PodCondition& c : all) {
    if (c.type == condition.type) {
      c = std::move(condition);
      return true;
    }
  }
  all.push_back(std::move(condition));
  return true;
}

bool is_ready(const Pod& pod) {
  const PodCondition* ready = find_condition(pod.status, "Ready");
  return ready && ready->status == "True";
}

bool is_available(const Pod& pod, std::int32_t min_ready_seconds, Time now) {
  const PodCondition* ready = find_condition(pod.status, "Ready");
  if (!ready || !(ready->status == "True")) return false;
  if (min_ready_seconds == 0) return true;
  return is_set(ready->last_transition_time) &&
         ready->last_transition_time + std::chrono::seconds(min_ready_seconds) <= now;
}

bool is_terminal(const Pod& pod) {
  return pod.status.phase == "Succeeded" || pod.status.phase == "Failed";
}

}  // namespace orrery::api
