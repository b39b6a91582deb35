#include "core/controller/node_lifecycle_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"

namespace orrery::controller {
namespace {

Symbol lease_namespace() {
  static const Symbol kNamespace("kube-node-lease");
  return kNamespace;
}
constexpr std::string_view kRenewsEvery = "orrery.dev/renews-every";

bool is_not_ready(Symbol ready) { return ready == "False" || ready == "Unknown"; }

Duration period_of(double rate) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / rate));
}

Time heartbeat(const api::Node& node) {
  const api::NodeCondition* ready = api::find_condition(node.status, "Ready");
  return ready ? ready->last_heartbeat_time : Time{};
}

}  // namespace

NodeLifecycleController::NodeLifecycleController(Env& env, Client& client, Informers& informers,
                                                 PodCache& pods, Options options)
    : Reconciler(env, {"node-lifecycle-controller", 8}),  // UpdateWorkerSize
      client_(client),
      pods_(pods),
      options_(options),
      events_(env, client, Symbol("node-controller")),
      nodes_(informers.get<api::Node>()),
      leases_(informers.get<api::Lease>()) {
  nodes_.on_change([this](const NodeRef& old, const NodeRef& now) { on_node(old, now); });
  leases_.on_change([this](const Ref<const api::Lease>& old, const Ref<const api::Lease>& now) {
    on_lease(old, now);
  });
  pods_.pods.on_change(
      [this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) { on_pod(old, now); });
}

NodeLifecycleController::~NodeLifecycleController() {
  *alive_ = false;
  env_.loop.cancel(eviction_timer_);
}

void NodeLifecycleController::count(Health& health, const std::string& zone, Symbol ready) {
  health.zone = zone;
  health.ready = ready;
  const auto [it, fresh] = zones_.try_emplace(zone);
  if (fresh) it->second.rate = options_.rates.normal;
  ++it->second.count.total;
  if (!(ready == "True")) ++it->second.count.not_ready;
}

void NodeLifecycleController::uncount(const Health& health) {
  Zone& zone = zones_[health.zone];
  --zone.count.total;
  if (!(health.ready == "True")) --zone.count.not_ready;
}

void NodeLifecycleController::on_node(const NodeRef& old, const NodeRef& now) {
  if (!now) {
    const std::string name = old->meta.name.str();
    const auto it = health_.find(name);
    if (it == health_.end()) return;
    uncount(it->second);
    health_.erase(it);
    watched_.erase(name);
    return;
  }
  const auto [it, fresh] = health_.try_emplace(now->meta.name.str());
  Health& health = it->second;
  if (fresh) {
    health.probe = env_.now();
    if (ready_status(*now).empty()) health.probe = now->meta.creation_timestamp;
    const Ref<const api::Lease> lease = leases_.find(lease_namespace(), now->meta.name.view());
    health.renews_itself = lease && api::find(lease->meta.annotations, kRenewsEvery);
  } else {
    uncount(health);
    if (old && heartbeat(*old) != heartbeat(*now)) health.probe = env_.now();
  }
  const Symbol before = fresh ? Symbol() : health.ready;
  count(health, zone_of(*now), ready_status(*now));
  watch(now->meta.name, health);
  if (!fresh && before == "True" && is_not_ready(health.ready)) {
    tell(*now, "Node", "Normal", "NodeNotReady",
         "Node " + now->meta.name.str() + " status is now: NodeNotReady");
  }
  if (!old || !old->status.conditions.same(now->status.conditions) ||
      !old->spec.taints.same(now->spec.taints) ||
      old->spec.unschedulable != now->spec.unschedulable) {
    enqueue({Symbol(), now->meta.name});
  }
}

void NodeLifecycleController::on_lease(const Ref<const api::Lease>& old,
                                       const Ref<const api::Lease>& now) {
  const api::Lease& lease = now ? *now : *old;
  if (lease.meta.namespace_ != lease_namespace()) return;
  const auto it = health_.find(lease.meta.name.str());
  if (it == health_.end()) return;  // on_node looks the lease up
  Health& health = it->second;
  const bool renewed_itself = health.renews_itself;
  health.renews_itself = now && api::find(now->meta.annotations, kRenewsEvery);
  if (renewed_itself || health.renews_itself) {
    // A holder that stops renewing leaves the time of its last renewal.
    Time last = env_.now();
    if (!health.renews_itself && now && is_set(now->renew_time)) {
      last = std::min(last, now->renew_time);
    }
    health.probe = std::max(health.probe, last);
  } else if (now && (!old || old->renew_time != now->renew_time)) {
    health.probe = env_.now();
  }
  watch(lease.meta.name, health);
}

void NodeLifecycleController::watch(const Text& name, const Health& health) {
  if (health.renews_itself && health.ready == "True") {
    watched_.erase(name.str());
  } else {
    watched_.emplace(name.str(), true);
    arm_monitor();
  }
}

void NodeLifecycleController::arm_monitor() {
  if (monitor_armed_) return;
  monitor_armed_ = true;
  const Duration since = env_.now().time_since_epoch();
  const Duration wait = options_.monitor_period - since % options_.monitor_period;
  env_.loop.after(wait, [this, alive = alive_] {
    if (!*alive) return;
    monitor_armed_ = false;
    monitor();
  });
}

void NodeLifecycleController::monitor() {
  for (const auto& [name, unused] : watched_) {
    const auto it = health_.find(name);
    if (it != health_.end()) check(Text(name), it->second);
  }
  judge_zones();
  arm_evictions();
  if (!watched_.empty()) arm_monitor();
}

void NodeLifecycleController::check(const Text& name, Health& health) {
  const NodeRef node = nodes_.find(Symbol(), name.view());
  if (!node) return;
  if (!health.renews_itself) {
    const Duration grace =
        ready_status(*node).empty() ? options_.startup_grace_period : options_.grace_period;
    if (env_.now() > health.probe + grace) {
      Ref<api::Node> silent = copy_of(node);
      if (set_conditions_unknown(*silent, env_.now())) {
        update_status<api::Node>(client_, silent, {});  // a conflict: the next period tries again
      }
    }
  }
  if (is_not_ready(health.ready) && !has_eviction_taint(node->spec.taints) && !health.queued) {
    health.queued = true;
    zones_[health.zone].queue.push_back(name);
  }
}

// handleDisruption: rates follow the zones' states; when every zone is down it is more likely us
// who are cut off, so nobody is evicted.
void NodeLifecycleController::judge_zones() {
  bool all = !zones_.empty();
  for (auto& [name, zone] : zones_) {
    zone.state = zone_state(zone.count, options_.rates);
    if (zone.count.total > 0 && zone.state != ZoneState::kFullDisruption) all = false;
  }
  if (all_disrupted_ && !all) end_full_disruption();
  if (all && !all_disrupted_) {
    for (const auto& [name, unused] : watched_) {
      const auto it = health_.find(name);
      if (it != health_.end()) it->second.queued = false;
      enqueue({Symbol(), Text(name)});  // takes the eviction taint off
    }
    for (auto& [name, zone] : zones_) zone.queue.clear();
  }
  all_disrupted_ = all;
  for (auto& [name, zone] : zones_) {
    const double rate = all ? 0 : eviction_rate(zone.state, zone.count.total, options_.rates);
    if (rate == zone.rate) continue;
    zone.rate = rate;
    zone.next = env_.now();
    if (rate > 0) zone.next += period_of(rate);
  }
}

void NodeLifecycleController::end_full_disruption() {
  for (const auto& [name, unused] : watched_) {
    const auto it = health_.find(name);
    if (it != health_.end()) it->second.probe = env_.now();
  }
}

void NodeLifecycleController::arm_evictions() {
  env_.loop.cancel(eviction_timer_);
  eviction_timer_ = {};
  Time due = kNever;
  for (const auto& [name, zone] : zones_) {
    if (!zone.queue.empty() && zone.rate > 0) due = std::min(due, std::max(zone.next, env_.now()));
  }
  if (due == kNever) return;
  eviction_timer_ = env_.loop.at(due, [this, alive = alive_] {
    if (!*alive) return;
    eviction_timer_ = {};
    evict_due();
    arm_evictions();
  });
}

void NodeLifecycleController::evict_due() {
  for (auto& [zone_name, zone] : zones_) {
    while (!zone.queue.empty() && zone.rate > 0 && zone.next <= env_.now()) {
      const Text name = zone.queue.front();
      zone.queue.pop_front();
      const auto it = health_.find(name.str());
      if (it == health_.end()) continue;
      it->second.queued = false;
      if (!is_not_ready(it->second.ready)) continue;
      evicting_[name.str()] = true;
      enqueue({Symbol(), name});
      zone.next = env_.now() + period_of(zone.rate);
    }
  }
}

void NodeLifecycleController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const NodeRef node = nodes_.find(Symbol(), key.name.view());
  if (!node) {
    evicting_.erase(key.name.str());
    return;
  }
  write_taints(node, pass);
  mark_pods(*node, pass);
}

void NodeLifecycleController::write_taints(const NodeRef& node, const PassRef& pass) {
  const Symbol ready = ready_status(*node);
  const std::string name = node->meta.name.str();
  api::List<api::Taint> taints = with_condition_taints(*node, env_.now());
  if (ready == "True" || all_disrupted_) {
    taints = with_eviction_taint(taints, {}, env_.now());
    evicting_.erase(name);
  } else if (is_not_ready(ready) && (has_eviction_taint(taints) || evicting_.contains(name))) {
    taints = with_eviction_taint(taints, eviction_taint(ready), env_.now());
  }
  if (taints.same(node->spec.taints)) return;
  Ref<api::Node> changed = copy_of(node);
  changed->spec.taints = std::move(taints);
  update<api::Node>(client_, changed, [this, pass, name](Result<NodeRef> done) {
    if (done.ok() || done.status().is(Reason::kNotFound)) {
      if (done.ok() && has_eviction_taint((*done)->spec.taints)) evicting_.erase(name);
      return;
    }
    pass->fail(done.status());
  });
}

void NodeLifecycleController::mark_pods(const api::Node& node, const PassRef& pass) {
  if (!is_not_ready(ready_status(node))) return;
  pods_.pods.for_each_in(pods_.by_node, symbol_index_key(Symbol(node.meta.name.view())),
                         [&](const api::Pod& pod) {
                           if (api::is_ready(pod)) mark_not_ready(pod, pass);
                         });
}

void NodeLifecycleController::mark_not_ready(const api::Pod& pod, const PassRef& pass) {
  static const Symbol kReady("Ready"), kFalse("False"), kReason("NodeNotReady");
  Ref<api::Pod> marked(new api::Pod(pod));
  api::PodCondition condition = *api::find_condition(pod.status, "Ready");
  condition.type = kReady;
  condition.status = kFalse;
  condition.last_transition_time = truncate_to_second(env_.now());
  if (!api::set_condition(marked->status, std::move(condition))) return;
  tell(pod, "Pod", "Warning", kReason.view(), "Node is not ready");
  update_status<api::Pod>(client_, marked, [pass](Result<Ref<const api::Pod>> done) {
    if (!done.status().is(Reason::kNotFound)) pass->fail(done.status());
  });
}

// A pod bound to, or said to be Ready on, a node that is down.
void NodeLifecycleController::on_pod(const Ref<const api::Pod>& old,
                                     const Ref<const api::Pod>& now) {
  if (!now || now->node_name.empty() || watched_.empty()) return;
  if (!api::is_ready(*now) || (old && api::is_ready(*old) && old->node_name == now->node_name)) {
    return;
  }
  const auto it = health_.find(now->node_name.str());
  if (it != health_.end() && is_not_ready(it->second.ready)) {
    enqueue({Symbol(), Text(now->node_name.view())});
  }
}

void NodeLifecycleController::tell(const api::Object& about, std::string_view kind,
                                   std::string_view type, std::string_view reason,
                                   std::string message) {
  events_.event(about, Symbol("v1"), Symbol(kind), Symbol(type), Symbol(reason),
                Text(std::move(message)));
}

}  // namespace orrery::controller
