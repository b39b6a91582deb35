// Explanation: the whole decision for one pod, computed on request by the plain path: who turned
// which node down and why, each plugin's raw, normalised and weighted score on each node that was
// scored, the ties and the choice; or why the pod fits nowhere and what preemption would do.
// Called by the scheduler for observers, by the simulator and tests. Changes nothing that lasts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/scheduler/fit_error.h"
#include "core/scheduler/placer.h"

namespace orrery::scheduler {

/// What preemption makes of a pod that fits nowhere.
struct PreemptionPlan {
  struct Victim {
    std::string pod;  // NAMESPACE/NAME
    std::int32_t priority = 0;
  };
  struct Candidate {
    Symbol node;
    std::vector<Victim> victims;  // most important first
    std::int64_t pdb_violations = 0;
    std::int32_t highest_priority = 0;
    std::int64_t priority_sum = 0;  // as upstream: each victim's priority + 2^31
    Time earliest_start;            // of the victims with the highest priority; kNever: none began
  };
  bool is_eligible = true;
  std::string refusal;  // why nobody is preempted; empty: somebody is
  std::vector<Candidate> candidates;
  std::optional<std::size_t> chosen;  // index in `candidates`
  /// Nodes that were tried, but no set of victims helps, with the reason.
  std::vector<std::pair<Symbol, std::string>> others;
};

struct Explanation {
  struct Rejection {
    std::string plugin;
    Verdict verdict;
  };
  struct Node {
    Symbol name;
    Verdict verdict;     // ok: feasible
    std::string plugin;  // that turned the node down; empty: PreFilter left it out
    std::int64_t total = 0;
    bool best = false;
    /// False: the scan had found enough before it came here (explain_decision).
    bool looked_at = true;
    /// What each filter that turns the node down says of it, in their order, the scheduler itself
    /// stops at the first (explain_decision).
    std::vector<Rejection> rejections;
  };
  struct Plugin {
    std::string name;
    std::int64_t weight = 0;
    std::vector<std::int64_t> raw;         // by index in `feasible`
    std::vector<std::int64_t> normalized;  // by index in `feasible`
    std::int64_t weighted(std::size_t i) const { return weight * normalized[i]; }
  };
  struct Filter {
    std::string name;
    bool is_skipped = false;  // its PreFilter said that there is nothing to do for this pod
  };
  /// The part of the nodes that the scan looks at (percentageOfNodesToScore).
  struct Window {
    std::int64_t nodes = 0;      // that the scan may look at: all, or those that PreFilter left
    std::int64_t start = 0;      // where it begins
    std::int64_t wanted = 0;     // it ends when so many are feasible
    std::int64_t looked_at = 0;  // nodes
    std::int64_t feasible = 0;   // of them
  };
  std::vector<Node> nodes;            // in scan order
  std::vector<std::size_t> feasible;  // indices of `nodes`; of the window in explain_decision
  std::vector<Plugin> scores;         // plugins that score this pod; none if there is no choice
  std::vector<std::string> skipped_filters;
  NodeNames pre_filter_nodes;
  std::string fit_error;  // set if no node is feasible: kube-scheduler's message

  // From here on: explain_decision only.
  Placement::Kind outcome = Placement::Kind::kUnschedulable;
  std::optional<std::size_t> chosen;  // index of `nodes`
  std::int64_t score = -1;            // its total; -1: there was no choice, so nothing was scored
  std::vector<std::size_t> ties;      // indices of `nodes` with the best total, in scan order
  TieBreak tie_break = TieBreak::kRandom;
  Window window;
  std::int32_t percentage_of_nodes_to_score = 0;  // as configured; 0: adaptive
  bool by_nomination = false;  // the node that the pod waited for fits: no other was looked at
  std::vector<Filter> filters;
  std::vector<std::string> skipped_scores;  // Score plugins with nothing to say of this pod
  std::optional<PreemptionPlan> preemption;
  std::optional<Rejection> held_back;  // PreEnqueue: the pod is not tried at all
  std::string error;                   // kError
};

/// Every node is judged and scored, whatever percentageOfNodesToScore says.
Explanation explain(const Framework& framework, SchedulerCache& cache, const api::Pod& pod);

/// What a decision depends on beside the pod and the cluster.
struct DecisionInputs {
  std::int64_t next_start = 0;  // Placer::next_start()
  RandomStream ties;            // a copy: nothing is drawn from the original
};

/// The decision that Placer::place() would make now, with the same integers. All nodes get a
/// verdict, but only those of the window are scored. A pod that the cache counts is taken off its
/// node meanwhile and decided as if it were pending. Extenders, which are programs outside, are not
/// asked.
Explanation explain_decision(const Framework& framework, SchedulerCache& cache,
                             const Ref<const api::Pod>& pod, DecisionInputs inputs);

}  // namespace orrery::scheduler
