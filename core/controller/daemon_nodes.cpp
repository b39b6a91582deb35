#include "core/controller/daemon_nodes.h"

#include <algorithm>

#include "core/controller/pod_cache.h"
#include "core/controller/taint_eviction_controller.h"

namespace orrery::controller {
namespace {

Symbol hash_label() {
  static const Symbol kHash("controller-revision-hash");
  return kHash;
}

bool field_matches(const api::NodeSelectorRequirement& r, const api::Node& node) {
  if (!(r.key == "metadata.name")) return false;
  const bool in = std::any_of(r.values.begin(), r.values.end(),
                              [&](Symbol v) { return node.meta.name == v.view(); });
  return r.operator_ == "In" ? in : r.operator_ == "NotIn" && !in;
}

bool term_matches(const api::NodeSelectorTerm& term, const api::Node& node) {
  if (term.match_expressions.empty() && term.match_fields.empty()) return false;
  for (const api::NodeSelectorRequirement& r : term.match_fields) {
    if (!field_matches(r, node)) return false;
  }
  if (term.match_expressions.empty()) return true;
  std::vector<api::LabelSelectorRequirement> expressions;
  for (const api::NodeSelectorRequirement& r : term.match_expressions) {
    expressions.push_back({r.key, r.operator_, {r.values.begin(), r.values.end()}});
  }
  const Result<api::Selector> selector = api::Selector::from_node_expressions(expressions);
  return selector.ok() && selector->matches(*node.meta.labels);
}

bool affinity_matches(const api::PodSpec& spec, const api::Node& node) {
  for (const auto& [key, value] : spec.node_selector->entries()) {
    const Symbol* found = node.meta.labels->find(key);
    if (!found || *found != value) return false;
  }
  if (!spec.affinity || !spec.affinity->node_affinity || !spec.affinity->node_affinity->required) {
    return true;
  }
  const auto& terms = spec.affinity->node_affinity->required->node_selector_terms;
  return std::any_of(terms.begin(), terms.end(),
                     [&](const api::NodeSelectorTerm& t) { return term_matches(t, node); });
}

bool tolerated(const api::PodSpec& spec, const api::Taint& taint) {
  return std::any_of(spec.tolerations.begin(), spec.tolerations.end(),
                     [&](const api::Toleration& t) { return tolerates(t, taint); });
}

struct OldAndNew {
  Ref<const api::Pod> old, fresh;
};
OldAndNew split(const DaemonNode& node, Symbol hash) {
  OldAndNew out;
  for (const Ref<const api::Pod>& pod : node.pods) {
    if (pod->meta.is_being_deleted()) continue;
    (pod->meta.labels.get(hash_label()) == hash ? out.fresh : out.old) = pod;
  }
  return out;
}

std::int32_t desired_count(const std::vector<DaemonNode>& nodes) {
  return static_cast<std::int32_t>(std::count_if(
      nodes.begin(), nodes.end(), [](const DaemonNode& n) { return n.fit.should_run; }));
}

std::int32_t scaled(const std::optional<api::IntOrString>& value, std::int32_t total, int absent) {
  if (!value) return absent;
  return api::scaled_value_from_int_or_percent(*value, total, true).value_or(0);
}

}  // namespace

DaemonFit daemon_fit(const api::PodSpec& spec, const api::Node& node) {
  if (!affinity_matches(spec, node)) return {};
  DaemonFit fit{true, true};
  for (const api::Taint& taint : node.spec.taints) {
    if (tolerated(spec, taint)) continue;
    if (taint.effect == "NoExecute") fit = {};
    if (taint.effect == "NoSchedule") fit.should_run = false;
  }
  return fit;
}

api::Shared<api::PodSpec> daemon_spec(const api::Shared<api::PodSpec>& spec) {
  api::Shared<api::PodSpec> out = spec;
  auto& tolerations = out.edit().tolerations.edit();
  const auto add = [&](std::string_view key, std::string_view effect) {
    api::Toleration t;
    t.key = Symbol(key);
    t.operator_ = Symbol("Exists");
    t.effect = Symbol(effect);
    if (std::find(tolerations.begin(), tolerations.end(), t) == tolerations.end()) {
      tolerations.push_back(t);
    }
  };
  add("node.kubernetes.io/not-ready", "NoExecute");
  add("node.kubernetes.io/unreachable", "NoExecute");
  add("node.kubernetes.io/disk-pressure", "NoSchedule");
  add("node.kubernetes.io/memory-pressure", "NoSchedule");
  add("node.kubernetes.io/pid-pressure", "NoSchedule");
  add("node.kubernetes.io/unschedulable", "NoSchedule");
  if (spec && spec->host_network) add("node.kubernetes.io/network-unavailable", "NoSchedule");
  return out;
}

api::Shared<api::PodSpec> pinned_to(const api::Shared<api::PodSpec>& spec, const Text& node) {
  static const Symbol kName("metadata.name"), kIn("In");
  api::Shared<api::PodSpec> out = spec;
  api::NodeSelectorRequirement only;
  only.key = kName;
  only.operator_ = kIn;
  only.values = {Symbol(node.view())};
  auto& required = out.edit().affinity.edit().node_affinity.edit().required.edit();
  if (required.node_selector_terms.empty()) required.node_selector_terms.edit().emplace_back();
  for (api::NodeSelectorTerm& term : required.node_selector_terms.edit()) {
    term.match_fields = {only};
  }
  return out;
}

std::string_view target_node(const api::Pod& pod) {
  if (!pod.node_name.empty()) return pod.node_name.view();
  if (!pod.spec || !pod.spec->affinity || !pod.spec->affinity->node_affinity ||
      !pod.spec->affinity->node_affinity->required) {
    return {};
  }
  for (const auto& term : pod.spec->affinity->node_affinity->required->node_selector_terms) {
    for (const auto& r : term.match_fields) {
      if (r.key == "metadata.name" && r.operator_ == "In" && r.values.size() == 1) {
        return r.values[0].view();
      }
    }
  }
  return {};
}

std::int32_t daemon_max_surge(const api::DaemonSet& set, std::int32_t desired) {
  if (!(set.spec.update_strategy_type == "RollingUpdate")) return 0;
  return scaled(set.spec.max_surge, desired, 0);
}

DaemonPlan plan_daemons(const std::vector<DaemonNode>& nodes, std::int32_t max_surge) {
  DaemonPlan plan;
  for (const DaemonNode& node : nodes) {
    if (!node.fit.should_continue) {
      for (const auto& pod : node.pods) {
        if (!pod->meta.is_being_deleted()) plan.remove.push_back(pod);
      }
      continue;
    }
    std::vector<Ref<const api::Pod>> running;
    bool going = false;
    for (const auto& pod : node.pods) {
      if (pod->meta.is_being_deleted()) {
        going = true;
      } else if (api::is_terminal(*pod)) {
        plan.remove.push_back(pod);
        plan.failed.push_back(pod);
        going = true;
      } else {
        running.push_back(pod);
      }
    }
    if (node.fit.should_run && running.empty() && !going) plan.create.push_back(node.node);
    if (max_surge == 0) {
      for (std::size_t i = 1; i < running.size(); ++i) plan.remove.push_back(running[i]);
    }
  }
  return plan;
}

DaemonPlan plan_rollout(const api::DaemonSet& set, const std::vector<DaemonNode>& nodes,
                        Symbol hash, Time now) {
  DaemonPlan plan;
  const std::int32_t desired = desired_count(nodes);
  const std::int32_t surge = daemon_max_surge(set, desired);
  std::int32_t unavailable_max = scaled(set.spec.max_unavailable, desired, 1);
  if (unavailable_max == 0 && surge == 0) unavailable_max = 1;
  const auto available = [&](const Ref<const api::Pod>& pod) {
    return api::is_available(*pod, set.spec.min_ready_seconds, now);
  };
  std::int32_t used = 0;  // of the surge or of what may be unavailable
  std::vector<Ref<const api::Pod>> old_available;
  std::vector<Text> surge_nodes;
  for (const DaemonNode& node : nodes) {
    if (!node.fit.should_run) continue;
    const OldAndNew pods = split(node, hash);
    if (surge > 0) {
      if (!pods.old) continue;
      if (pods.fresh) {
        available(pods.fresh) ? plan.remove.push_back(pods.old) : void(++used);
      } else if (!available(pods.old)) {
        plan.create.push_back(node.node);
      } else {
        surge_nodes.push_back(node.node);
      }
    } else if (pods.fresh || !pods.old) {
      if (!pods.fresh || !available(pods.fresh)) ++used;
    } else if (!available(pods.old)) {
      plan.remove.push_back(pods.old);
      ++used;
    } else {
      old_available.push_back(pods.old);
    }
  }
  for (const Text& node : surge_nodes) {
    if (used++ >= surge) break;
    plan.create.push_back(node);
  }
  for (const auto& pod : old_available) {
    if (used++ >= unavailable_max) break;
    plan.remove.push_back(pod);
  }
  return plan;
}

api::DaemonSetStatus daemon_status(const api::DaemonSet& set, const std::vector<DaemonNode>& nodes,
                                   Symbol hash, Time now) {
  api::DaemonSetStatus out = set.status;
  out.current_number_scheduled = out.number_misscheduled = out.desired_number_scheduled = 0;
  out.number_ready = out.updated_number_scheduled = out.number_available = 0;
  for (const DaemonNode& node : nodes) {
    if (!node.fit.should_run) {
      if (!node.pods.empty()) ++out.number_misscheduled;
      continue;
    }
    ++out.desired_number_scheduled;
    if (node.pods.empty()) continue;
    ++out.current_number_scheduled;
    Ref<const api::Pod> best;  // the newest that is ready, else the first
    for (const auto& pod : node.pods) {
      if (!best || api::is_ready(*pod)) best = pod;
    }
    if (api::is_ready(*best)) {
      ++out.number_ready;
      if (api::is_available(*best, set.spec.min_ready_seconds, now)) ++out.number_available;
    }
    if (best->meta.labels.get(hash_label()) == hash) ++out.updated_number_scheduled;
  }
  out.number_unavailable = out.desired_number_scheduled - out.number_available;
  out.observed_generation = set.meta.generation;
  return out;
}

}  // namespace orrery::controller
