// Topology spreading as kube-scheduler's text says it, counted from scratch for every question:
// what the plugin's incremental answers are compared with.
#pragma once

#include <string>
#include <vector>

#include "core/scheduler/cache.h"

namespace orrery::scheduler::test {

struct NaiveSpread {
  const SchedulerCache& cache;
  const api::Pod& pod;
  std::vector<api::TopologySpreadConstraint> constraints;
  bool needs_all_keys = true;

  /// "", "label" or "skew".
  std::string filter(NodeSlot node) const;
  bool scores() const { return !of("ScheduleAnyway").empty(); }
  std::vector<std::int64_t> raw(const std::vector<NodeSlot>& feasible) const;
  std::vector<std::int64_t> normalized(const std::vector<NodeSlot>& feasible) const;

 private:
  using Constraints = std::vector<api::TopologySpreadConstraint>;
  Constraints of(const std::string& action) const;
  bool matches(const api::TopologySpreadConstraint& c, const api::Pod& other) const;
  bool includes(const api::TopologySpreadConstraint& c, const api::Node& node) const;
  std::int64_t count(const api::TopologySpreadConstraint& c, NodeSlot node) const;
};

}  // namespace orrery::scheduler::test
