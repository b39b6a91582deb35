// DefaultPreemption: when a pod fits nowhere, chooses the node where the fewest and least important
// pods of lower priority have to go, deletes them and nominates the pod to that node.
#pragma once

#include "core/base/random.h"
#include "core/scheduler/preemption/dry_run.h"
#include "core/scheduler/preemption/evictions.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class DefaultPreemption final : public Plugin, public PostFilterPlugin {
 public:
  DefaultPreemption(DefaultPreemptionArgs args, const PluginContext& context);

  std::string_view name() const override { return "DefaultPreemption"; }
  bool sign(const api::Pod&, Signature&) override { return true; }
  Outcome post_filter(const Ref<const api::Pod>& pod, const FailedCycle& cycle) override;
  Outcome preview(const Ref<const api::Pod>& pod, const FailedCycle& cycle) override;

  /// What post_filter would decide, without acting.
  struct Decision {
    Verdict verdict;      // ok: `dry_run.candidates[chosen]`; otherwise why not
    DryRunResult dry_run;
    std::size_t chosen = 0;
    bool is_eligible = true;
  };
  Decision decide(const Ref<const api::Pod>& pod, const FailedCycle& cycle) {
    return decide(pod, cycle, offsets_, dry_run_);
  }
  /// The same, from a copy of the stream and without memory: the next decision is as it was.
  Decision foresee(const Ref<const api::Pod>& pod, const FailedCycle& cycle);

 private:
  Decision decide(const Ref<const api::Pod>& pod, const FailedCycle& cycle, RandomStream& offsets,
                  DryRun& dry_run);
  std::string why_not_eligible(const api::Pod& pod, const FailedCycle& cycle) const;
  std::size_t candidates_wanted(std::size_t nodes) const;

  DefaultPreemptionArgs args_;
  PluginContext context_;
  RandomStream& offsets_;
  DryRun dry_run_;
  Evictions evictions_;
};

}  // namespace orrery::scheduler
