#include "core/scheduler/preemption/victims.h"

#include <algorithm>

#include "core/scheduler/cache_trial.h"

namespace orrery::scheduler {
namespace {

bool covers(const Budget& budget, const api::Pod& pod) {
  if (budget.pdb->meta.namespace_ != pod.meta.namespace_ || pod.meta.labels.empty()) return false;
  if (budget.selector.is_everything() || !budget.selector.matches(*pod.meta.labels)) return false;
  const auto& disrupted = budget.pdb->status.disrupted_pods;
  return std::none_of(disrupted.begin(), disrupted.end(), [&](const auto& entry) {
    return entry.first.view() == pod.meta.name.view();
  });
}

/// Whether each pod, taken in this order, would violate a budget (filterPodsWithPDBViolation).
std::vector<bool> violations(const PodRecords& pods, const std::vector<std::uint32_t>& numbers,
                             const std::vector<Budget>& budgets) {
  std::vector<std::int32_t> allowed;
  for (const Budget& b : budgets) allowed.push_back(b.pdb->status.disruptions_allowed);
  std::vector<bool> violating;
  for (const std::uint32_t number : numbers) {
    bool violates = false;
    for (std::size_t i = 0; i < budgets.size(); ++i) {
      if (covers(budgets[i], *pods[number].pod) && --allowed[i] < 0) violates = true;
    }
    violating.push_back(violates);
  }
  return violating;
}

}  // namespace

void summarise(const PodRecords& pods, Candidate& candidate) {
  candidate.priority_sum = 0;
  candidate.earliest_start = kNever;
  candidate.highest_priority = priority_of(*pods[candidate.victims.front()].pod);
  for (const std::uint32_t number : candidate.victims) {
    const api::Pod& victim = *pods[number].pod;
    const std::int32_t priority = priority_of(victim);
    candidate.priority_sum += std::int64_t{priority} + (std::int64_t{1} << 31);
    if (priority != candidate.highest_priority || !is_set(victim.status.start_time)) continue;
    candidate.earliest_start = std::min(candidate.earliest_start, victim.status.start_time);
  }
}

std::vector<Budget> budgets_of(const ClusterObjects& objects) {
  std::vector<Budget> budgets;
  objects.for_each<api::PodDisruptionBudget>(
      Watched::kPodDisruptionBudget, [&](const api::PodDisruptionBudget& pdb) {
        budgets.push_back({&pdb, selector_of(pdb.spec.selector)});
      });
  std::sort(budgets.begin(), budgets.end(), [](const Budget& a, const Budget& b) {
    return std::pair(a.pdb->meta.namespace_.view(), a.pdb->meta.name.view()) <
           std::pair(b.pdb->meta.namespace_.view(), b.pdb->meta.name.view());
  });
  return budgets;
}

Verdict select_victims(const Framework& framework, SchedulerCache& cache, const CycleState& state,
                       const Ref<const api::Pod>& pod, NodeSlot slot,
                       const std::vector<std::uint32_t>& lower,
                       const std::vector<Budget>& budgets, Candidate& candidate) {
  static const Symbol kNone{"No preemption victims found for incoming pod"};
  const PodRecords& pods = cache.pods();
  if (lower.empty()) return {Code::kUnschedulableAndUnresolvable, {kNone}};
  NodeTrial trial(cache, slot);
  for (const std::uint32_t number : lower) trial.remove(number);
  const auto fits = [&] { return filter_with_nominated(framework, cache, state, pod, slot); };
  if (Verdict verdict = fits(); !verdict.ok()) return verdict;
  const std::vector<bool> violating = violations(pods, lower, budgets);
  candidate.node = slot;
  for (const bool first_those : {true, false}) {
    for (std::size_t i = 0; i < lower.size(); ++i) {
      if (violating[i] != first_those) continue;
      trial.restore(lower[i]);
      if (fits().ok()) continue;
      trial.remove(lower[i]);
      candidate.victims.push_back(lower[i]);
      if (first_those) ++candidate.pdb_violations;
    }
  }
  std::stable_sort(candidate.victims.begin(), candidate.victims.end(),
                   [&](std::uint32_t a, std::uint32_t b) {
                     return is_more_important(*pods[a].pod, *pods[b].pod);
                   });
  if (candidate.victims.empty()) return {Code::kUnschedulableAndUnresolvable, {kNone}};
  summarise(pods, candidate);
  return {};
}

}  // namespace orrery::scheduler
