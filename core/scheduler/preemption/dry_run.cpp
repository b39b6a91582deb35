#include "core/scheduler/preemption/dry_run.h"

#include <algorithm>

#include "core/scheduler/preemption/victims.h"

namespace orrery::scheduler {

bool is_more_important(const api::Pod& a, const api::Pod& b) {
  if (priority_of(a) != priority_of(b)) return priority_of(a) > priority_of(b);
  // A pod that has not started counts as starting now.
  const auto start = [](const api::Pod& pod) {
    return is_set(pod.status.start_time) ? pod.status.start_time : kNever;
  };
  return start(a) < start(b);
}

std::strong_ordering compare(const Candidate& a, const Candidate& b) {
  if (const auto c = a.pdb_violations <=> b.pdb_violations; c != 0) return c;
  if (const auto c = a.highest_priority <=> b.highest_priority; c != 0) return c;
  if (const auto c = a.priority_sum <=> b.priority_sum; c != 0) return c;
  if (const auto c = a.victims.size() <=> b.victims.size(); c != 0) return c;
  return b.earliest_start <=> a.earliest_start;
}

DryRun::Memory& DryRun::memory_of(const Framework& framework, const Ref<const api::Pod>& pod) {
  const auto found = std::find_if(memories_.begin(), memories_.end(), [&](const Memory& m) {
    return m.framework == &framework && m.spec.same(pod->spec) && m.ns == pod->meta.namespace_ &&
           m.labels.same(pod->meta.labels);
  });
  if (found != memories_.end()) return *found;
  Memory fresh{&framework, pod->spec, pod->meta.labels, pod->meta.namespace_, {}, 0};
  if (memories_.size() < kMemoriesMax) return memories_.emplace_back(std::move(fresh));
  return *std::min_element(memories_.begin(), memories_.end(),
                           [](const Memory& a, const Memory& b) {
                             return a.last_used < b.last_used;
                           }) = std::move(fresh);
}

DryRunResult DryRun::run(const Framework& framework, const Ref<const api::Pod>& pod,
                         std::span<const NodeSlot> nodes, std::size_t offset, std::size_t wanted) {
  DryRunResult result;
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  if (!framework.run_pre_filter(state, *pod, names, narrowed_by).ok()) return result;
  const std::vector<Budget> budgets = budgets_of(cache_.objects());
  // With filters that read other nodes, or budgets, a node's generation does not say enough.
  const bool remembers = budgets.empty() && !framework.filters(state, Part::kClusterWide);
  Memory* memory = remembers ? &memory_of(framework, pod) : nullptr;
  if (memory) {
    memory->last_used = ++uses_;
    memory->nodes.resize(cache_.table().slots());
  }
  bool has_harmless = false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (result.candidates.size() >= wanted && has_harmless) break;
    const NodeSlot slot = nodes[(offset + i) % nodes.size()];
    Remembered once;
    Remembered& answer = memory ? memory->nodes[static_cast<std::size_t>(slot)] : once;
    const std::uint64_t generation = cache_.node(slot).generation();
    if (answer.generation != generation) {
      answer = Remembered{generation, {}, {}};
      answer.verdict = select_victims(framework, cache_, state, pod, slot, budgets,
                                      answer.candidate);
    }
    if (!answer.verdict.ok()) {
      result.others.emplace_back(slot, answer.verdict);
      continue;
    }
    has_harmless = has_harmless || answer.candidate.pdb_violations == 0;
    result.candidates.push_back(answer.candidate);
  }
  return result;
}

}  // namespace orrery::scheduler
