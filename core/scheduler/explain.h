// Explanation: the whole decision for one pod, computed on request over all nodes by the plain
// path: who turned which node down and why, and each plugin's raw and normalised score on each
// feasible node.
#pragma once

#include <string>
#include <vector>

#include "core/scheduler/fit_error.h"
#include "core/scheduler/framework.h"

namespace orrery::scheduler {

struct Explanation {
  struct Node {
    Symbol name;
    Verdict verdict;     // ok: feasible
    std::string plugin;  // that turned the node down; empty: PreFilter left it out
    std::int64_t total = 0;
    bool best = false;
  };
  struct Plugin {
    std::string name;
    std::int64_t weight = 0;
    std::vector<std::int64_t> raw;         // by index in `feasible`
    std::vector<std::int64_t> normalized;  // by index in `feasible`
  };
  std::vector<Node> nodes;            // in scan order
  std::vector<std::size_t> feasible;  // indices of `nodes`
  std::vector<Plugin> scores;         // plugins that score this pod
  std::vector<std::string> skipped_filters;
  NodeNames pre_filter_nodes;
  std::string fit_error;  // set if no node is feasible
};

/// Every node is judged, whatever percentageOfNodesToScore says. Changes nothing.
Explanation explain(const Framework& framework, SchedulerCache& cache, const api::Pod& pod);

}  // namespace orrery::scheduler
