// DryRun: which pods of lower priority would have to go from a node so that a pod fits, tried out
// on the cache itself (NodeTrial); and which node costs least (upstream's framework/preemption and
// plugins/defaultpreemption). Changes nothing that lasts. Results are remembered by node until the
// node changes, since the next pod of a template asks the same.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/api/config.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/framework.h"

namespace orrery::scheduler {

/// A node on which the pod would fit once `victims` are gone.
struct Candidate {
  NodeSlot node = kNoNode;
  std::vector<std::uint32_t> victims;  // record numbers, most important first
  std::int64_t pdb_violations = 0;
  // What nodes are compared by, after pdb_violations; lower is better.
  std::int32_t highest_priority = 0;
  std::int64_t priority_sum = 0;  // each victim's priority + 2^31
  Time earliest_start;            // of the victims with the highest priority; later is better
};

/// Better, equal or worse in all five criteria (pickOneNodeForPreemption).
std::strong_ordering compare(const Candidate& a, const Candidate& b);

struct Budget;

struct DryRunResult {
  std::vector<Candidate> candidates;
  std::vector<std::pair<NodeSlot, Verdict>> others;  // tried, but no set of victims helps
};

class DryRun {
 public:
  explicit DryRun(SchedulerCache& cache) : cache_(cache) {}

  /// Tries `nodes` from index `offset` on, until there are `wanted` candidates of which one
  /// violates no PodDisruptionBudget.
  DryRunResult run(const Framework& framework, const Ref<const api::Pod>& pod,
                   std::span<const NodeSlot> nodes, std::size_t offset, std::size_t wanted);

 private:
  /// What one node answered, as long as its generation is the same.
  struct Remembered {
    std::uint64_t generation = 0;  // 0: nothing
    Verdict verdict;               // ok: there is a candidate
    Candidate candidate;
  };
  /// The answers of the node-local filters for pods that are alike to them.
  struct Memory {
    const Framework* framework = nullptr;
    std::string signature;
    std::vector<Remembered> nodes;  // by slot
    std::uint64_t last_used = 0;
  };
  static constexpr std::size_t kMemoriesMax = 8;

  /// The node's pods below a priority, most important first, as long as its generation is the same.
  struct Lower {
    std::uint64_t generation = 0;
    std::int32_t priority = 0;
    std::vector<std::uint32_t> pods;
  };
  const std::vector<std::uint32_t>& lower_pods(NodeSlot slot, std::int32_t priority);

  /// One pod's run.
  struct Run {
    const Framework& framework;
    const Ref<const api::Pod>& pod;
    const std::vector<Budget>& budgets;
    CycleState& state;
    Memory* memory;  // null: nothing may be remembered
    bool asks_others;  // filters that are not node-local have something to do
  };
  Memory* memory_for(const Run& run);
  Memory& memory_of(const Framework& framework, const std::string& signature);
  Remembered try_node(const Run& run, NodeSlot slot);
  const Remembered& remembered(const Run& run, NodeSlot slot);
  Remembered answer(const Run& run, NodeSlot slot);

  SchedulerCache& cache_;
  std::vector<Memory> memories_;
  std::vector<Lower> lower_;  // by slot
  std::uint64_t uses_ = 0;
};

/// True if a comes before b among the pods that are spared (MoreImportantPod): higher priority,
/// then earlier start.
bool is_more_important(const api::Pod& a, const api::Pod& b);
inline std::int32_t priority_of(const api::Pod& pod) {
  return pod.spec ? pod.spec->priority.value_or(0) : 0;
}

}  // namespace orrery::scheduler
