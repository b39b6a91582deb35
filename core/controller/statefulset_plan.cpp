#include "core/controller/statefulset_plan.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/controller/slow_start.h"

namespace orrery::controller {
namespace {

using PodRef = Ref<const api::Pod>;

bool has_revision(const api::Pod& pod, const Text& revision) {
  static const Symbol kHash("controller-revision-hash");
  return pod.meta.labels.get(kHash) == revision.view();
}

bool is_running_and_ready(const api::Pod& pod) {
  return pod.status.phase == "Running" && api::is_ready(pod);
}

bool is_healthy(const api::Pod& pod) {
  return is_running_and_ready(pod) && !pod.meta.is_being_deleted();
}

struct Ordered {
  std::map<std::int32_t, PodRef> in_range;
  std::map<std::int32_t, PodRef> condemned;
  std::int32_t first = 0, end = 0;
};

Ordered order(const api::StatefulSet& set, const std::vector<PodRef>& pods) {
  Ordered out;
  out.first = set.spec.start_ordinal.value_or(0);
  out.end = out.first + set.spec.replicas.value_or(1);
  for (const PodRef& pod : pods) {
    const std::optional<std::int32_t> ordinal = ordinal_of(set, *pod);
    if (!ordinal) continue;
    const bool in = *ordinal >= out.first && *ordinal < out.end;
    (in ? out.in_range : out.condemned)[*ordinal] = pod;
  }
  return out;
}

class Planner {
 public:
  Planner(const api::StatefulSet& set, const std::vector<PodRef>& pods, const Text& current,
          const Text& update, Time now)
      : set_(set),
        pods_(order(set, pods)),
        current_(current),
        update_(update),
        now_(now),
        monotonic_(!(set.spec.pod_management_policy == "Parallel")) {}

  StatefulPlan run() {
    if (set_.meta.is_being_deleted()) return std::move(plan_);
    if (!fill() || !shrink()) return std::move(plan_);
    roll();
    return std::move(plan_);
  }

 private:
  bool is_available(const api::Pod& pod) {
    const std::int32_t wanted = set_.spec.min_ready_seconds;
    if (api::is_available(pod, wanted, now_)) return true;
    if (api::is_ready(pod) && !plan_.look_again) plan_.look_again = std::chrono::seconds(wanted);
    return false;
  }
  bool from_update_revision(std::int32_t ordinal) const {
    if (current_ == update_) return true;
    if (set_.spec.update_strategy_type == "OnDelete") return true;
    // isCurrentRevisionNeeded: without rollingUpdate.partition what was current stays so.
    return ordinal - pods_.first >= set_.spec.partition.value_or(set_.status.current_replicas);
  }
  void create(std::int32_t ordinal) {
    if (plan_.create.size() < static_cast<std::size_t>(kBurstReplicas)) {
      plan_.create.push_back({ordinal, from_update_revision(ordinal)});
    }
  }

  // False: wait before anything else is done.
  bool fill() {
    for (std::int32_t i = pods_.first; i < pods_.end; ++i) {
      const auto found = pods_.in_range.find(i);
      if (found == pods_.in_range.end()) {
        create(i);
        if (monotonic_) return false;
        continue;
      }
      const api::Pod& pod = *found->second;
      if (api::is_terminal(pod)) {  // replaced by the same name
        if (!pod.meta.is_being_deleted()) plan_.remove.push_back(found->second);
        if (monotonic_) return false;
        continue;
      }
      if (!monotonic_) continue;
      if (pod.meta.is_being_deleted() || !is_running_and_ready(pod) || !is_available(pod)) {
        return false;
      }
    }
    return true;
  }

  bool shrink() {
    PodRef unhealthy;  // the lowest: of those in range first
    for (const auto* part : {&pods_.in_range, &pods_.condemned}) {
      for (const auto& [ordinal, pod] : *part) {
        if (!unhealthy && !is_healthy(*pod)) unhealthy = pod;
      }
    }
    for (auto it = pods_.condemned.rbegin(); it != pods_.condemned.rend(); ++it) {
      const PodRef& pod = it->second;
      if (pod->meta.is_being_deleted()) {
        if (monotonic_) return false;
        continue;
      }
      if (monotonic_) {
        if (!is_running_and_ready(*pod) && pod != unhealthy) return false;
        if (is_running_and_ready(*pod) && !is_available(*pod) && pod != unhealthy) return false;
      }
      plan_.remove.push_back(pod);
      if (monotonic_) return false;
    }
    return true;
  }

  void roll() {
    if (set_.spec.update_strategy_type == "OnDelete") return;
    const std::int32_t lowest = pods_.first + set_.spec.partition.value_or(0);
    for (std::int32_t i = pods_.end - 1; i >= lowest; --i) {
      const auto found = pods_.in_range.find(i);
      if (found == pods_.in_range.end()) return;
      const PodRef& pod = found->second;
      if (!has_revision(*pod, update_) && !pod->meta.is_being_deleted()) {
        plan_.remove.push_back(pod);
        return;
      }
      if (!is_healthy(*pod) || !is_available(*pod)) return;  // wait for it
    }
  }

  const api::StatefulSet& set_;
  const Ordered pods_;
  const Text current_, update_;
  const Time now_;
  const bool monotonic_;
  StatefulPlan plan_;
};

}  // namespace

std::optional<std::int32_t> ordinal_of(const api::StatefulSet& set, const api::Pod& pod) {
  const std::string_view name = pod.meta.name.view();
  const std::string_view parent = set.meta.name.view();
  if (name.size() < parent.size() + 2 || name.substr(0, parent.size()) != parent ||
      name[parent.size()] != '-') {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(parent.size() + 1);
  std::int32_t out = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (error != std::errc{} || end != digits.data() + digits.size() || out < 0) return std::nullopt;
  return out;
}

StatefulPlan plan_stateful(const api::StatefulSet& set, const std::vector<PodRef>& pods,
                           const Text& current, const Text& update, Time now) {
  return Planner(set, pods, current, update, now).run();
}

api::StatefulSetStatus stateful_status(const api::StatefulSet& set, const std::vector<PodRef>& pods,
                                       const Text& current, const Text& update, Time now) {
  api::StatefulSetStatus out = set.status;
  out.observed_generation = set.meta.generation;
  out.current_revision = current;
  out.update_revision = update;
  out.replicas = out.ready_replicas = out.available_replicas = 0;
  out.current_replicas = out.updated_replicas = 0;
  if (!out.collision_count) out.collision_count = 0;
  for (const PodRef& pod : pods) {
    if (!ordinal_of(set, *pod)) continue;
    ++out.replicas;
    if (is_running_and_ready(*pod)) {
      ++out.ready_replicas;
      if (api::is_available(*pod, set.spec.min_ready_seconds, now)) ++out.available_replicas;
    }
    if (pod->meta.is_being_deleted()) continue;
    if (has_revision(*pod, current)) ++out.current_replicas;
    if (has_revision(*pod, update)) ++out.updated_replicas;
  }
  // completeRollingUpdate.
  const bool full = out.replicas >= set.spec.replicas.value_or(1) &&
                    out.updated_replicas == out.replicas && out.ready_replicas == out.replicas;
  if (set.spec.update_strategy_type == "RollingUpdate" && !(current == update) && full) {
    out.current_replicas = out.updated_replicas;
    out.current_revision = out.update_revision;
  }
  return out;
}

}  // namespace orrery::controller
