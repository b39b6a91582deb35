// NodePorts: two pods with the same host port, protocol and overlapping address do not share a
// node.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class NodePorts final : public Plugin, public PreFilterPlugin, public FilterPlugin {
 public:
  explicit NodePorts(SchedulerCache& cache) : cache_(cache) {}
  std::string_view name() const override { return "NodePorts"; }
  EventMask events() const override { return events::kNodeAdd | events::kAssignedPodDelete; }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;
  bool sign(const api::Pod& pod, Signature& signature) override;
  /// Skip if the pod has no host ports.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;

 private:
  SchedulerCache& cache_;
};

}  // namespace orrery::scheduler
