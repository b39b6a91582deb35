// PodGcController: removes pods that no kubelet will ever remove: those of nodes that are gone,
// those deleted before they were bound, and finished ones beyond a number. Upstream looks at all
// pods every 20 s; here events say where to look, at the same pace.
#pragma once

#include "core/api/node.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"
#include "core/ports/client.h"

namespace orrery::controller {

class PodGcController final : public Reconciler {
 public:
  struct Options {
    std::size_t terminated_pods_max = 12500;  // --terminated-pod-gc-threshold; 0 = keep all
  };
  PodGcController(Env& env, Client& client, Informers& informers, PodCache& pods, Options options);

 private:
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void collect_orphaned(const Text& node, const PassRef& pass);
  void collect_unscheduled(const ObjectKey& pod, const PassRef& pass);
  void collect_terminated(const PassRef& pass);
  void fail_and_remove(const Ref<const api::Pod>& pod, std::string_view message,
                       const PassRef& pass);
  void remove_now(const api::Pod& pod, const PassRef& pass);

  Client& client_;
  Informer<api::Node> nodes_;
  PodCache& pods_;
  Options options_;
  std::size_t terminated_ = 0;
};

}  // namespace orrery::controller
