// NodeLifecycleController: watches heartbeats (Leases, node status) and turns silence into
// conditions, taints and pods that are not Ready; evicts by NoExecute taints at a rate that depends
// on how the zone is doing (upstream: pkg/controller/nodelifecycle). Nodes whose Lease renews
// itself (annotation orrery.dev/renews-every) and that are Ready cost nothing while nothing happens
// to them.
//
//     heartbeat late -> Ready Unknown -> NoSchedule taint, pods not Ready
//                                     -> queue of the zone --rate--> NoExecute taint
#pragma once

#include <deque>
#include <map>
#include <unordered_map>

#include "core/api/config.h"
#include "core/api/node.h"
#include "core/client/event_recorder.h"
#include "core/controller/node_health.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

class NodeLifecycleController final : public Reconciler {
 public:
  struct Options {
    Duration monitor_period = 5s;         // --node-monitor-period
    Duration grace_period = 50s;          // --node-monitor-grace-period
    Duration startup_grace_period = 60s;  // --node-startup-grace-period
    EvictionRates rates{};
  };
  NodeLifecycleController(Env& env, Client& client, Informers& informers, PodCache& pods,
                          Options options);
  ~NodeLifecycleController() override;
  EventRecorder& events() { return events_; }

 private:
  using NodeRef = Ref<const api::Node>;
  struct Health {
    Time probe;  // when a heartbeat was last seen
    std::string zone;
    Symbol ready;  // Ready status as counted in the zone
    bool renews_itself = false;
    bool queued = false;  // waits in its zone's queue
  };
  struct Zone {
    ZoneCount count;
    ZoneState state = ZoneState::kNormal;
    double rate = 0;
    Time next;  // earliest instant of the next eviction taint
    std::deque<Text> queue;
  };

  void on_node(const NodeRef& old, const NodeRef& now);
  void on_lease(const Ref<const api::Lease>& old, const Ref<const api::Lease>& now);
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void count(Health& health, const std::string& zone, Symbol ready);
  void uncount(const Health& health);
  void watch(const Text& name, const Health& health);
  void arm_monitor();
  void monitor();
  void check(const Text& name, Health& health);
  void judge_zones();
  void end_full_disruption();
  void arm_evictions();
  void evict_due();

  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void write_taints(const NodeRef& node, const PassRef& pass);
  void mark_pods(const api::Node& node, const PassRef& pass);
  void mark_not_ready(const api::Pod& pod, const PassRef& pass);
  void tell(const api::Object& about, std::string_view kind, std::string_view type,
            std::string_view reason, std::string message);

  Client& client_;
  PodCache& pods_;
  Options options_;
  EventRecorder events_;
  Informer<api::Node> nodes_;
  Informer<api::Lease> leases_;
  std::map<std::string, Zone> zones_;
  std::unordered_map<std::string, Health> health_;  // by node; lookup only
  std::map<std::string, bool> watched_;             // nodes whose heartbeat may be late
  std::unordered_map<std::string, bool> evicting_;  // gets its eviction taint now; lookup only
  bool all_disrupted_ = false;
  bool monitor_armed_ = false;
  TimerId eviction_timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::controller
