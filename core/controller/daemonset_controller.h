// DaemonSetController: one pod on each eligible node, pinned there by node affinity; rolling
// updates and ControllerRevision history (upstream: pkg/controller/daemon).
//
//     node, pod, DaemonSet events -> key -> revision -> create and remove -> rollout -> status
#pragma once

#include <unordered_map>

#include "core/client/event_recorder.h"
#include "core/controller/daemon_nodes.h"
#include "core/controller/expectations.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"
#include "core/controller/workload_revision.h"

namespace orrery::controller {

class DaemonSetController final : public Reconciler {
 public:
  struct Options {
    /// Pod and node changes wait this long and share a sync; 0 as upstream.
    Duration batch{};
    int burst_replicas = 250;      // BurstReplicas
    Duration failed_backoff = 1s;  // of a failed pod on one node, doubled
    Duration failed_backoff_max = 15min;
  };
  DaemonSetController(Env& env, Client& client, Informers& informers, PodCache& pods,
                      Options options);
  EventRecorder& events() { return events_; }

 private:
  using SetRef = Ref<const api::DaemonSet>;
  struct FailedPods {
    Duration delay{};
    Time next;
  };
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void on_node(const Ref<const api::Node>& old, const Ref<const api::Node>& now);
  void touch(const ObjectKey& key);
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  std::vector<DaemonNode> nodes_of(const api::DaemonSet& set, const api::PodSpec& spec);
  /// The name hash of the current revision; empty while it is being written.
  Symbol sync_history(const SetRef& set, const std::vector<DaemonNode>& nodes, const PassRef& pass);
  void hold_back_failed(const ObjectKey& key, DaemonPlan& plan, const PassRef& pass);
  void carry_out(const SetRef& set, DaemonPlan plan, Symbol hash, const PassRef& pass);
  void create_pods(const SetRef& set, const std::vector<Text>& nodes, Symbol hash,
                   const PassRef& pass);
  void write_status(const SetRef& set, const std::vector<DaemonNode>& nodes, Symbol hash,
                    const PassRef& pass);
  void tell(const api::Object& set, bool warning, std::string_view reason, std::string message);

  Client& client_;
  PodCache& pods_;
  Options options_;
  EventRecorder events_;
  Expectations expectations_;
  Informer<api::DaemonSet> sets_;
  Informer<api::Node> nodes_;
  Informer<api::ControllerRevision> revisions_;
  std::unordered_map<std::string, FailedPods> failed_;  // by key and node; lookup only
  const Symbol api_version_{"apps/v1"}, kind_{"DaemonSet"};
};

}  // namespace orrery::controller
