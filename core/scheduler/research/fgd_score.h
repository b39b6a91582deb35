// FGDScore: fragmentation gradient descent (USENIX ATC 2023): the node, and the device in it, where
// the pod makes the fragments of the GPUs grow least or shrink most. Keeps, for each node as it is
// now, the fragments after each kind of demand, so a node is worked out once until it changes.
#pragma once

#include <vector>

#include "core/scheduler/plugin.h"
#include "core/scheduler/pod_requests.h"
#include "core/scheduler/profile.h"
#include "core/scheduler/research/fragmentation.h"

namespace orrery::scheduler {

class FgdScore final : public Plugin,
                       public PreScorePlugin,
                       public ScorePlugin,
                       public DevicePlugin {
 public:
  FgdScore(const FgdArgs& args, SchedulerCache& cache)
      : fragmentation_(args.typical_pods), cache_(cache) {}
  std::string_view name() const override { return "FGDScore"; }
  bool sign(const api::Pod& pod, Signature& signature) override;
  Verdict pre_score(CycleState& state, const api::Pod& pod,
                    std::span<const NodeSlot> feasible) override;
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;
  /// The first device with the best score.
  DeviceMask devices_for(const api::Pod& pod, const NodeInfo& node) const override;

 private:
  /// Ways to serve a demand on a node: a choice of devices, and the fragments after it.
  struct Ways {
    bool known = false;
    std::uint32_t first = 0;  // in NodeMemo::devices; its tables in the same order
    std::uint32_t count = 0;
  };
  struct NodeMemo {
    std::uint64_t generation = 0;      // of the node; 0: nothing is known
    std::vector<std::int64_t> before;  // fragments by step
    std::vector<Ways> ways;            // by demand number
    std::vector<DeviceMask> devices;   // of each way
    std::vector<std::int64_t> tables;  // of each way, steps() numbers
  };
  struct Demand {
    std::int32_t count;
    std::int32_t milli;
  };
  struct Data;

  std::uint32_t number_of(const GpuDemand& demand) const;
  const NodeMemo& memo_of(const NodeInfo& node, std::uint32_t demand) const;
  void work_out(const NodeInfo& node, std::uint32_t demand, NodeMemo& memo) const;
  void add_way(Symbol model, std::span<const std::int32_t> free, DeviceMask devices,
               std::int32_t milli, NodeMemo& memo) const;
  std::int64_t rate(const PodRequests& pod, std::uint32_t demand, const NodeInfo& node,
                    DeviceMask* devices) const;

  Fragmentation fragmentation_;
  SchedulerCache& cache_;
  mutable std::vector<NodeMemo> memos_;  // by node slot
  mutable std::vector<Demand> demands_;  // what pods asked for so far
};

}  // namespace orrery::scheduler
