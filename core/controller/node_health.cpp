#include "core/controller/node_health.h"

#include <array>

namespace orrery::controller {
namespace {

struct ConditionTaint {
  std::string_view condition;
  std::string_view status;
  std::string_view taint;
};
// nodeConditionToTaintKeyStatusMap.
constexpr std::array<ConditionTaint, 6> kConditionTaints{{
    {"Ready", "False", kTaintNotReady},
    {"Ready", "Unknown", kTaintUnreachable},
    {"MemoryPressure", "True", "node.kubernetes.io/memory-pressure"},
    {"DiskPressure", "True", "node.kubernetes.io/disk-pressure"},
    {"NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"},
    {"PIDPressure", "True", "node.kubernetes.io/pid-pressure"},
}};
constexpr std::string_view kTaintUnschedulable = "node.kubernetes.io/unschedulable";

bool holds(const api::Node& node, const ConditionTaint& rule) {
  const api::NodeCondition* c = api::find_condition(node.status, rule.condition);
  return c && c->status == rule.status;
}

bool is_condition_taint(const api::Taint& taint) {
  if (!(taint.effect == "NoSchedule")) return false;
  if (taint.key == kTaintUnschedulable) return true;
  for (const ConditionTaint& rule : kConditionTaints) {
    if (taint.key == rule.taint) return true;
  }
  return false;
}

bool is_wanted(const api::Node& node, const api::Taint& taint) {
  if (taint.key == kTaintUnschedulable) return node.spec.unschedulable;
  for (const ConditionTaint& rule : kConditionTaints) {
    if (taint.key == rule.taint) return holds(node, rule);
  }
  return false;
}

bool has_taint(const std::vector<api::Taint>& taints, std::string_view key,
               std::string_view effect) {
  for (const api::Taint& t : taints) {
    if (t.key == key && t.effect == effect) return true;
  }
  return false;
}

bool is_eviction_taint(const api::Taint& t) {
  return t.effect == "NoExecute" && (t.key == kTaintNotReady || t.key == kTaintUnreachable);
}

api::Taint make_taint(std::string_view key, std::string_view effect, Time now) {
  api::Taint taint;
  taint.key = Symbol(key);
  taint.effect = Symbol(effect);
  taint.time_added = truncate_to_second(now);
  return taint;
}

}  // namespace

ZoneState zone_state(const ZoneCount& zone, const EvictionRates& rates) {
  const int ready = zone.total - zone.not_ready;
  if (ready == 0 && zone.not_ready > 0) return ZoneState::kFullDisruption;
  const double share = zone.total == 0 ? 0 : double(zone.not_ready) / double(zone.total);
  if (zone.not_ready > 2 && share >= rates.unhealthy_zone_threshold) {
    return ZoneState::kPartialDisruption;
  }
  return ZoneState::kNormal;
}

double eviction_rate(ZoneState state, int zone_size, const EvictionRates& rates) {
  if (state != ZoneState::kPartialDisruption) return rates.normal;
  return zone_size > rates.large_cluster_size_threshold ? rates.secondary : 0;
}

Symbol ready_status(const api::Node& node) {
  const api::NodeCondition* ready = api::find_condition(node.status, "Ready");
  return ready ? ready->status : Symbol();
}

std::string zone_of(const api::Node& node) {
  static const Symbol kRegion("topology.kubernetes.io/region");
  static const Symbol kZone("topology.kubernetes.io/zone");
  return node.meta.labels.get(kRegion).str() + ":" + node.meta.labels.get(kZone).str();
}

api::List<api::Taint> with_condition_taints(const api::Node& node, Time now) {
  std::vector<api::Taint> out;
  bool changed = false;
  for (const api::Taint& t : node.spec.taints) {
    if (is_condition_taint(t) && !is_wanted(node, t)) {
      changed = true;
    } else {
      out.push_back(t);
    }
  }
  const auto add = [&](std::string_view key) {
    if (has_taint(out, key, "NoSchedule")) return;
    out.push_back(make_taint(key, "NoSchedule", now));
    changed = true;
  };
  for (const ConditionTaint& rule : kConditionTaints) {
    if (holds(node, rule)) add(rule.taint);
  }
  if (node.spec.unschedulable) add(kTaintUnschedulable);
  return changed ? api::List<api::Taint>(std::move(out)) : node.spec.taints;
}

std::string_view eviction_taint(Symbol ready) {
  if (ready == "False") return kTaintNotReady;
  if (ready == "Unknown") return kTaintUnreachable;
  return {};
}

bool has_eviction_taint(const api::List<api::Taint>& taints) {
  for (const api::Taint& t : taints) {
    if (is_eviction_taint(t)) return true;
  }
  return false;
}

api::List<api::Taint> with_eviction_taint(const api::List<api::Taint>& taints, std::string_view key,
                                          Time now) {
  std::vector<api::Taint> out;
  bool changed = false;
  for (const api::Taint& t : taints) {
    if (is_eviction_taint(t) && !(t.key == key)) {
      changed = true;
    } else {
      out.push_back(t);
    }
  }
  if (!key.empty() && !has_taint(out, key, "NoExecute")) {
    out.push_back(make_taint(key, "NoExecute", now));
    changed = true;
  }
  return changed ? api::List<api::Taint>(std::move(out)) : taints;
}

bool set_conditions_unknown(api::Node& node, Time now) {
  bool changed = false;
  std::vector<api::NodeCondition> all(node.status.conditions.begin(), node.status.conditions.end());
  for (const std::string_view type : {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"}) {
    auto it = all.begin();
    while (it != all.end() && !(it->type == type)) ++it;
    if (it == all.end()) {
      api::NodeCondition fresh;
      fresh.type = Symbol(type);
      fresh.status = Symbol("Unknown");
      fresh.reason = Symbol("NodeStatusNeverUpdated");
      fresh.message = Text("Kubelet never posted node status.");
      fresh.last_heartbeat_time = node.meta.creation_timestamp;
      fresh.last_transition_time = truncate_to_second(now);
      all.push_back(std::move(fresh));
      changed = true;
    } else if (!(it->status == "Unknown")) {
      it->status = Symbol("Unknown");
      it->reason = Symbol("NodeStatusUnknown");
      it->message = Text("Kubelet stopped posting node status.");
      it->last_transition_time = truncate_to_second(now);
      changed = true;
    }
  }
  if (changed) node.status.conditions = api::List<api::NodeCondition>(std::move(all));
  return changed;
}

}  // namespace orrery::controller
