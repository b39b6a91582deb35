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

DryRun::Memory& DryRun::memory_of(const Framework& framework, const std::string& signature) {
  const auto found = std::find_if(memories_.begin(), memories_.end(), [&](const Memory& m) {
    return m.framework == &framework && m.signature == signature;
  });
  if (found != memories_.end()) return *found;
  Memory fresh{&framework, signature, {}, 0};
  if (memories_.size() < kMemoriesMax) return memories_.emplace_back(std::move(fresh));
  return *std::min_element(memories_.begin(), memories_.end(),
                           [](const Memory& a, const Memory& b) {
                             return a.last_used < b.last_used;
                           }) = std::move(fresh);
}

/// What earlier runs of pods like this found; null if a node's generation does not say enough:
/// budgets, or filters that read other nodes.
DryRun::Memory* DryRun::memory_for(const Run& run) {
  if (!run.budgets.empty() || !run.framework.is_split()) return nullptr;
  if (!run.framework.only_crowd(run.state, Part::kClusterWide)) return nullptr;
  Signature signature;
  if (!run.framework.sign(*run.pod, signature)) return nullptr;
  signature.add(priority_of(*run.pod));
  Memory& memory = memory_of(run.framework, signature.bytes());
  memory.last_used = ++uses_;
  memory.nodes.resize(cache_.table().slots());
  return &memory;
}

const std::vector<std::uint32_t>& DryRun::lower_pods(NodeSlot slot, std::int32_t priority) {
  if (static_cast<std::size_t>(slot) >= lower_.size()) lower_.resize(cache_.table().slots());
  Lower& lower = lower_[static_cast<std::size_t>(slot)];
  const std::uint64_t generation = cache_.node(slot).generation();
  if (lower.generation == generation && lower.priority == priority) return lower.pods;
  lower.generation = generation;
  lower.priority = priority;
  lower.pods.clear();
  const PodRecords& pods = cache_.pods();
  for (const std::uint32_t number : cache_.node(slot).pods()) {
    if (priority_of(*pods[number].pod) < priority) lower.pods.push_back(number);
  }
  std::sort(lower.pods.begin(), lower.pods.end(), [&](std::uint32_t a, std::uint32_t b) {
    const api::Pod &x = *pods[a].pod, &y = *pods[b].pod;
    const bool first = is_more_important(x, y);
    return first || is_more_important(y, x) ? first : x.meta.uid < y.meta.uid;
  });
  return lower.pods;
}

DryRun::Remembered DryRun::try_node(const Run& run, NodeSlot slot) {
  Remembered answer{cache_.node(slot).generation(), {}, {}};
  answer.verdict = select_victims(run.framework, cache_, run.state, run.pod, slot,
                                  lower_pods(slot, priority_of(*run.pod)), run.budgets,
                                  answer.candidate);
  return answer;
}

/// The answer of the node-local filters alone.
const DryRun::Remembered& DryRun::remembered(const Run& run, NodeSlot slot) {
  Remembered& answer = run.memory->nodes[static_cast<std::size_t>(slot)];
  if (answer.generation == cache_.node(slot).generation()) return answer;
  const std::uint64_t skipped = run.state.skipped_filters;
  run.state.skipped_filters |= run.framework.members(Part::kClusterWide);
  answer = try_node(run, slot);
  run.state.skipped_filters = skipped;
  return answer;
}

/// The other filters only speak against crowded nodes: if they pass the node as it is, they pass it
/// with any victims gone, and what the node-local ones say stands.
DryRun::Remembered DryRun::answer(const Run& run, NodeSlot slot) {
  const NodeInfo node = cache_.node(slot);
  const auto is_own = [&](const Ref<const api::Pod>& other) {
    return other->meta.uid == run.pod->meta.uid;
  };
  const auto nominated = node.nominated();
  if (!run.memory || std::any_of(nominated.begin(), nominated.end(), is_own)) {
    return try_node(run, slot);
  }
  const Remembered& known = remembered(run, slot);
  if (!run.asks_others || !known.verdict.ok()) return known;
  const bool stands = nominated.empty() &&
                      run.framework.passes(run.state, *run.pod, node, Part::kClusterWide);
  return stands ? known : try_node(run, slot);
}

DryRunResult DryRun::run(const Framework& framework, const Ref<const api::Pod>& pod,
                         std::span<const NodeSlot> nodes, std::size_t offset, std::size_t wanted) {
  DryRunResult result;
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  if (!framework.run_pre_filter(state, *pod, names, narrowed_by).ok()) return result;
  const std::vector<Budget> budgets = budgets_of(cache_.objects());
  Run run{framework, pod, budgets, state, nullptr, framework.filters(state, Part::kClusterWide)};
  run.memory = memory_for(run);
  bool has_harmless = false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (result.candidates.size() >= wanted && has_harmless) break;
    const NodeSlot slot = nodes[(offset + i) % nodes.size()];
    Remembered tried = answer(run, slot);
    if (!tried.verdict.ok()) {
      result.others.emplace_back(slot, std::move(tried.verdict));
      continue;
    }
    has_harmless = has_harmless || tried.candidate.pdb_violations == 0;
    result.candidates.push_back(std::move(tried.candidate));
  }
  return result;
}

}  // namespace orrery::scheduler
