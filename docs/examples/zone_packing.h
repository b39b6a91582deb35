// ZonePacking, an example of a plugin from outside: pods with the label `example.com/pack: zones`
// run only in the zones of a list, and in the first of them as long as there is room. Not part of
// the scheduler: a program registers it (docs/plugins.md). tests/core/scheduler compiles and runs
// it.
#pragma once

#include <vector>

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace example {

namespace sched = orrery::scheduler;

struct ZonePackingArgs {
  std::vector<orrery::Symbol> zones;  // best first; at least one
};

class ZonePacking final : public sched::Plugin,
                          public sched::PreFilterPlugin,
                          public sched::FilterPlugin,
                          public sched::PreScorePlugin,
                          public sched::ScorePlugin {
 public:
  explicit ZonePacking(ZonePackingArgs args) : args_(std::move(args)) {}

  std::string_view name() const override { return "ZonePacking"; }

  /// Which events may help a pod that this plugin turned down, and which of them do.
  sched::EventMask events() const override {
    return sched::events::kNodeAdd | sched::events::kNodeLabel;
  }
  bool is_worth_retrying(const sched::ClusterEvent& event,
                         const orrery::api::Pod& pod) const override;

  /// All that filter() and score() read of the pod: whether it takes part.
  bool sign(const orrery::api::Pod& pod, sched::Signature& signature) override;

  sched::Verdict pre_filter(sched::CycleState& state, const orrery::api::Pod& pod,
                            sched::NodeNames& nodes) override;
  sched::Verdict filter(const sched::CycleState& state, const orrery::api::Pod& pod,
                        const sched::NodeInfo& node) const override;
  sched::Verdict pre_score(sched::CycleState& state, const orrery::api::Pod& pod,
                           std::span<const sched::NodeSlot> feasible) override;
  std::int64_t score(const sched::CycleState& state, const orrery::api::Pod& pod,
                     const sched::NodeInfo& node) const override;

 private:
  /// Index of the node's zone in the list; the list's size if it is not there.
  std::size_t rank(const orrery::api::Labels& labels) const;

  ZonePackingArgs args_;
};

/// What goes into SchedulerConfig::registry under "ZonePacking". BadRequest from the factory if the
/// list is empty.
sched::PluginFactory zone_packing(ZonePackingArgs args);

}  // namespace example
