// DisruptionController: the status of PodDisruptionBudgets: how many pods are healthy, how many
// must be, how many may be disrupted now (upstream: pkg/controller/disruption). The API server's
// eviction reads it.
#pragma once

#include "core/api/config.h"
#include "core/client/event_recorder.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

struct BudgetCounts {
  std::int32_t expected = 0;  // pods that there should be
  std::int32_t desired = 0;   // of them healthy, at least
  std::int32_t healthy = 0;
};
/// updatePdbStatus: counts, disruptionsAllowed and the condition DisruptionAllowed.
api::PodDisruptionBudgetStatus budget_status(const api::PodDisruptionBudget& budget,
                                             const BudgetCounts& counts, Time now);
/// DeletionTimeout: an eviction not seen as a deletion after this time does not count any more.
inline constexpr Duration kDisruptionDeletionTimeout = 2min;

class DisruptionController final : public Reconciler {
 public:
  DisruptionController(Env& env, Client& client, Informers& informers, PodCache& pods);
  EventRecorder& events() { return events_; }

 private:
  using BudgetRef = Ref<const api::PodDisruptionBudget>;
  using PodRef = Ref<const api::Pod>;
  void on_pod(const PodRef& old, const PodRef& now);
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  /// The size that the controllers of these pods want (getExpectedScale).
  std::int32_t expected_scale(const std::vector<PodRef>& pods) const;
  std::int32_t scale_of(Symbol ns, const api::OwnerReference& owner) const;

  Client& client_;
  PodCache& pods_;
  EventRecorder events_;
  Informer<api::PodDisruptionBudget> budgets_;
  Informers& informers_;
};

}  // namespace orrery::controller
