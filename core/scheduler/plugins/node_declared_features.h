// NodeDeclaredFeatures: node features that a pod's spec needs (component-helpers'
// nodedeclaredfeatures) against status.declaredFeatures of the node. Most pods need none.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class NodeDeclaredFeatures final : public Plugin, public PreFilterPlugin, public FilterPlugin {
 public:
  std::string_view name() const override { return "NodeDeclaredFeatures"; }
  EventMask events() const override { return events::kNodeAdd | events::kPendingPod; }
  /// Its place in the order of filters is after cluster-wide plugins.
  bool is_node_local() const override { return false; }
  bool only_crowds() const override { return true; }

  /// Skip if the pod needs no feature.
  Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) override;
  Verdict filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const override;
};

}  // namespace orrery::scheduler
