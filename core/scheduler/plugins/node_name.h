// NodeName and NodeUnschedulable: the two smallest filters.
#pragma once

#include "core/scheduler/plugin.h"

namespace orrery::scheduler {

class NodeName final : public Plugin, public FilterPlugin {
 public:
  std::string_view name() const override { return "NodeName"; }
  EventMask events() const override { return events::kNodeAdd; }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;
  bool sign(const api::Pod& pod, Signature& signature) override;
  Verdict filter(const CycleState&, const api::Pod& pod, const NodeInfo& node) const override;
};

class NodeUnschedulable final : public Plugin, public FilterPlugin {
 public:
  std::string_view name() const override { return "NodeUnschedulable"; }
  EventMask events() const override { return events::kNodeAdd | events::kNodeTaint; }
  bool is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const override;
  bool sign(const api::Pod& pod, Signature& signature) override;
  /// Rejects nodes with spec.unschedulable unless the pod tolerates
  /// node.kubernetes.io/unschedulable:NoSchedule.
  Verdict filter(const CycleState&, const api::Pod& pod, const NodeInfo& node) const override;
};

}  // namespace orrery::scheduler
