#include "core/controller/deployment_size.h"

#include <algorithm>

#include "core/controller/deployment_annotations.h"
#include "core/controller/replicaset_cache.h"

namespace orrery::controller {
namespace {

std::int32_t scaled(const std::optional<api::IntOrString>& value, std::int32_t total, bool up) {
  if (!value) return 0;
  // Validation has refused what does not scale; should it come, it counts as 0.
  return api::scaled_value_from_int_or_percent(*value, total, up).value_or(0);
}

void sort_by_creation(SetList& sets) {
  std::stable_sort(sets.begin(), sets.end(),
                   [](const SetRef& a, const SetRef& b) { return created_before(*a, *b); });
}

}  // namespace

Fenceposts resolve_fenceposts(const std::optional<api::IntOrString>& max_surge,
                              const std::optional<api::IntOrString>& max_unavailable,
                              std::int32_t desired) {
  Fenceposts out{scaled(max_surge, desired, true), scaled(max_unavailable, desired, false)};
  if (out.surge == 0 && out.unavailable == 0) out.unavailable = 1;
  return out;
}

std::int32_t replicas_of(const api::Deployment& deployment) {
  return deployment.spec.replicas.value_or(1);
}
std::int32_t replicas_of(const api::ReplicaSet& set) { return set.spec.replicas.value_or(1); }

bool is_rolling(const api::Deployment& deployment) {
  return deployment.spec.strategy_type == "RollingUpdate";
}

std::int32_t max_surge(const api::Deployment& d) {
  if (!is_rolling(d)) return 0;
  return resolve_fenceposts(d.spec.max_surge, d.spec.max_unavailable, replicas_of(d)).surge;
}

std::int32_t max_unavailable(const api::Deployment& d) {
  if (!is_rolling(d) || replicas_of(d) == 0) return 0;
  const Fenceposts posts =
      resolve_fenceposts(d.spec.max_surge, d.spec.max_unavailable, replicas_of(d));
  return std::min(posts.unavailable, replicas_of(d));
}

std::int32_t total_replicas(const SetList& sets) {
  std::int32_t sum = 0;
  for (const SetRef& set : sets) sum += replicas_of(*set);
  return sum;
}

std::int32_t total_available(const SetList& sets) {
  std::int32_t sum = 0;
  for (const SetRef& set : sets) sum += set->status.available_replicas;
  return sum;
}

SetList active_sets(const SetList& sets) {
  SetList out;
  for (const SetRef& set : sets) {
    if (replicas_of(*set) > 0) out.push_back(set);
  }
  return out;
}

std::int32_t new_set_replicas(const api::Deployment& d, std::int32_t total, std::int32_t new_set) {
  if (!is_rolling(d)) return replicas_of(d);
  const std::int32_t surge = scaled(d.spec.max_surge, replicas_of(d), true);
  const std::int32_t total_max = replicas_of(d) + surge;
  if (total >= total_max) return new_set;
  return new_set + std::min(total_max - total, replicas_of(d) - new_set);
}

std::vector<Resize> old_set_steps(const api::Deployment& d, const SetList& all,
                                  const SetList& old_active, const SetRef& new_set) {
  std::vector<Resize> steps;
  if (total_replicas(old_active) == 0) return steps;
  const std::int32_t available_min = replicas_of(d) - max_unavailable(d);
  const std::int32_t new_unavailable = replicas_of(*new_set) - new_set->status.available_replicas;
  const std::int32_t down_max = total_replicas(all) - available_min - new_unavailable;
  if (down_max <= 0) return steps;
  SetList old = old_active;
  sort_by_creation(old);
  std::vector<std::int32_t> size;
  for (const SetRef& set : old) size.push_back(replicas_of(*set));
  // cleanupUnhealthyReplicas
  std::int32_t cleaned = 0;
  for (std::size_t i = 0; i < old.size() && cleaned < down_max; ++i) {
    const std::int32_t unhealthy = size[i] - old[i]->status.available_replicas;
    if (size[i] == 0 || unhealthy <= 0) continue;
    const std::int32_t down = std::min(down_max - cleaned, unhealthy);
    cleaned += down;
    size[i] -= down;
    steps.push_back({old[i], size[i]});
  }
  // scaleDownOldReplicaSetsForRollingUpdate
  SetList counted = old;
  counted.push_back(new_set);
  std::int32_t spare = total_available(counted) - available_min;
  for (std::size_t i = 0; i < old.size() && spare > 0; ++i) {
    if (size[i] == 0) continue;
    const std::int32_t down = std::min(size[i], spare);
    spare -= down;
    size[i] -= down;
    steps.push_back({old[i], size[i]});
  }
  return steps;
}

std::int32_t proportion(const api::Deployment& d, std::int32_t set_replicas, std::int32_t before,
                        std::int32_t to_add, std::int32_t added) {
  if (set_replicas == 0 || to_add == 0 || to_add == added) return 0;
  std::int32_t fraction = -set_replicas;
  if (replicas_of(d) != 0) {
    if (before == 0) return 0;
    // round(set * max / before), half away from zero; all are positive here.
    const std::int64_t scaled_size = std::int64_t{set_replicas} * (replicas_of(d) + max_surge(d));
    fraction = static_cast<std::int32_t>((2 * scaled_size + before) / (2 * std::int64_t{before})) -
               set_replicas;
  }
  const std::int32_t allowed = to_add - added;
  return to_add > 0 ? std::min(fraction, allowed) : std::max(fraction, allowed);
}

std::vector<Resize> proportional_sizes(const api::Deployment& d, const SetList& active) {
  const std::int32_t allowed = replicas_of(d) > 0 ? replicas_of(d) + max_surge(d) : 0;
  const std::int32_t to_add = allowed - total_replicas(active);
  SetList sets = active;
  // Growing, newer sets come before older ones of the same size; shrinking, the other way round.
  std::stable_sort(sets.begin(), sets.end(), [to_add](const SetRef& a, const SetRef& b) {
    if (replicas_of(*a) != replicas_of(*b)) return replicas_of(*a) > replicas_of(*b);
    return to_add > 0 ? created_before(*b, *a) : created_before(*a, *b);
  });
  std::vector<Resize> out;
  std::int32_t added = 0;
  for (const SetRef& set : sets) {
    const std::int32_t before = max_replicas_annotation(*set).value_or(0);
    const std::int32_t share = proportion(
        d, replicas_of(*set), before != 0 ? before : d.status.replicas, to_add, added);
    added += share;
    out.push_back({set, replicas_of(*set) + share});
  }
  if (!out.empty()) out.front().size = std::max(out.front().size + to_add - added, 0);
  return out;
}

}  // namespace orrery::controller
