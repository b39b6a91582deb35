// ResourceQuotaController: the status of ResourceQuotas: the limits that count, and what the
// objects of the namespace use of them (upstream: pkg/controller/resourcequota). Admission raises
// status.used when objects are made; this counts anew when a quota changes, when counted objects
// go away or shrink, and every few minutes.
//
// Without quotas it costs one look per pod change. Pods come from the shared cache; every other
// kind gets an informer of its own once the first quota names it.
#pragma once

#include <map>
#include <memory>

#include "core/api/kind_registry.h"
#include "core/api/quota.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

/// --resource-quota-sync-period.
inline constexpr Duration kQuotaResync = 5min;

class ResourceQuotaController final : public Reconciler {
 public:
  /// `kind`: ResourceQuota's id.
  ResourceQuotaController(Env& env, Client& client, Informers& informers, PodCache& pods,
                          const api::Kinds& kinds, api::KindId kind);
  ~ResourceQuotaController() override;

 private:
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void on_quota(const api::ObjectRef& old, const api::ObjectRef& now);
  /// A counted object changed: the namespace's quotas count anew if it no longer uses the same.
  void on_object(const api::ObjectRef& old, const api::ObjectRef& now);
  /// The kind's cache; null while it is not filled yet.
  const api::ObjectTable* objects(api::KindId kind);
  /// Adds up what the namespace's objects of one kind use of `hard`.
  void count(const api::Quota& quota, Symbol ns, const api::KindInfo& kind,
             const api::ObjectTable& table, api::ResourceList& used) const;

  Client& client_;
  const api::Kinds& kinds_;
  PodCache& pods_;
  InformerBase& quotas_;
  std::size_t by_namespace_;  // index of quotas_
  std::map<api::KindId, std::unique_ptr<InformerBase>> caches_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::controller
