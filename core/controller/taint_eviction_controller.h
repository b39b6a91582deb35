// TaintEvictionController: deletes pods from nodes with NoExecute taints: at once those that do not
// tolerate them, after tolerationSeconds those that do for a while. A removed taint cancels
// (upstream: pkg/controller/tainteviction). Pods of untainted nodes cost one lookup.
//
//     node taints, pod changes -> timer a pod -> key -> DisruptionTarget condition -> delete
#pragma once

#include <optional>
#include <unordered_map>

#include "core/api/node.h"
#include "core/client/event_recorder.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

/// Whether a toleration tolerates a taint (v1helper.ToleratesTaint, without Gt and Lt).
bool tolerates(const api::Toleration& toleration, const api::Taint& taint);
/// How long a pod with these tolerations may stay under these NoExecute taints: none = for ever, 0
/// = not at all (getMinTolerationTime).
std::optional<Duration> time_tolerated(const std::vector<api::Taint>& taints,
                                       const api::List<api::Toleration>& tolerations);

class TaintEvictionController final : public Reconciler {
 public:
  TaintEvictionController(Env& env, Client& client, Informers& informers, PodCache& pods);
  ~TaintEvictionController() override;
  EventRecorder& events() { return events_; }

 private:
  struct Eviction {
    TimerId timer;  // none: due
    Time since;
    Time due;
  };
  void on_node(const Ref<const api::Node>& old, const Ref<const api::Node>& now);
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void judge(const api::Pod& pod, const std::vector<api::Taint>& taints);
  void cancel(const api::Object& pod, bool with_event);
  void tell(const api::Object& pod, std::string_view what);
  void reconcile(const ObjectKey& key, const PassRef& pass) override;

  Client& client_;
  PodCache& pods_;
  EventRecorder events_;
  std::unordered_map<std::uint32_t, std::vector<api::Taint>> tainted_;  // by node; lookup only
  std::unordered_map<ObjectKey, Eviction, ObjectKeyHash> evictions_;    // lookup only
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::controller
