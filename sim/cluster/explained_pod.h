// ExplainedPod: one scheduling decision of a run, told: whose, when, and the whole Explanation; and
// its forms for machines (docs/output.md). Made by DecisionLog, printed by the CLI.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/scheduler/explain.h"

namespace orrery::sim {

struct ExplainedPod {
  std::string pod;              // NAMESPACE/NAME
  double seconds = 0;           // virtual time since the start
  std::int32_t attempt = 0;     // 1 is the first; 0: no attempt, asked how it would be decided
  std::string scheduler;        // the profile's name
  std::int32_t priority = 0;
  std::string placed_on;        // asked of a pod that has a node: which
  scheduler::Explanation explanation;

  /// Place of each node in the order of interest: the chosen one, then by total, then in scan
  /// order; only nodes that were looked at and fit.
  std::vector<std::size_t> ranking() const;
  /// Index in Explanation::feasible by index of Explanation::nodes; npos: not scored.
  std::vector<std::size_t> scored_at() const;
  static constexpr std::size_t kNotScored = static_cast<std::size_t>(-1);
};

/// "Placed", "Unschedulable" or "Error".
std::string_view to_string(scheduler::Placement::Kind outcome);
/// "Random", "LowestName" or "FirstIndex", as a profile says it.
std::string_view to_string(scheduler::TieBreak rule);
/// One line for the event log.
std::string headline(const ExplainedPod& explained);
/// What a node lacks to the chosen one, plugin by plugin: "NodeResourcesFit -8, ImageLocality +2".
std::string differences(const scheduler::Explanation& e, std::size_t node, std::size_t chosen);

/// All nodes in scan order, or only `node` with the verdict of every filter.
nlohmann::json to_json(const ExplainedPod& explained, std::string_view node = {});
/// A header and one row for each node.
std::string to_csv(const ExplainedPod& explained, std::string_view node = {});

}  // namespace orrery::sim
