#include "core/scheduler/plugins/pod_topology_spread_constraints.h"

#include <algorithm>

#include "core/scheduler/plugins/node_selector.h"
#include "core/scheduler/plugins/tolerations.h"
#include "core/scheduler/signature.h"

namespace orrery::scheduler {
namespace {

/// mergeLabelSetWithSelector: also the values that the pod has under these keys.
void add_match_label_keys(const api::List<Symbol>& keys, const api::Labels& labels,
                          std::vector<api::Selector>& selectors) {
  std::vector<std::pair<Symbol, Symbol>> own;
  for (const Symbol key : keys) {
    if (const Symbol* value = labels.find(key)) own.emplace_back(key, *value);
  }
  if (!own.empty()) selectors.push_back(api::Selector::from_set(own));
}

Result<std::vector<api::Selector>> selectors_of(const api::TopologySpreadConstraint& from,
                                                const api::Pod& pod) {
  std::vector<api::Selector> selectors;
  if (!from.label_selector) {
    selectors.push_back(api::Selector::nothing());
    return selectors;
  }
  auto compiled = api::Selector::from(*from.label_selector);
  if (!compiled.ok()) return compiled.status();
  if (!compiled->is_everything()) selectors.push_back(std::move(*compiled));
  add_match_label_keys(from.match_label_keys, *pod.meta.labels, selectors);
  return selectors;
}

bool honors(const std::optional<Symbol>& policy, bool by_default) {
  static const Symbol kHonor{"Honor"};
  return policy ? *policy == kHonor : by_default;
}

bool restricts_nodes(const api::PodSpec& spec) {
  return !spec.node_selector.empty() || required_affinity(spec) != nullptr;
}

bool tolerates_all(const api::Node& node, const api::List<api::Toleration>& tolerations) {
  static const Symbol kNoSchedule{"NoSchedule"};
  static const Symbol kNoExecute{"NoExecute"};
  return std::all_of(node.spec.taints.begin(), node.spec.taints.end(),
                     [&](const api::Taint& taint) {
                       return (taint.effect != kNoSchedule && taint.effect != kNoExecute) ||
                              tolerates(tolerations, taint);
                     });
}

void sign(const api::List<api::NodeSelectorRequirement>& requirements, Signature& out) {
  out.add(static_cast<std::int64_t>(requirements.size()));
  for (const api::NodeSelectorRequirement& r : requirements) {
    out.add(r.key);
    out.add(r.operator_);
    out.add(static_cast<std::int64_t>(r.values.size()));
    for (const Symbol value : r.values) out.add(value);
  }
}

void sign_restrictions(const api::PodSpec& spec, Signature& out) {
  out.add(static_cast<std::int64_t>(spec.node_selector->size()));
  for (const auto& [key, value] : spec.node_selector->entries()) {
    out.add(key);
    out.add(value);
  }
  const api::NodeSelector* required = required_affinity(spec);
  out.add(required ? static_cast<std::int64_t>(required->node_selector_terms.size()) : -1);
  if (!required) return;
  for (const api::NodeSelectorTerm& term : required->node_selector_terms) {
    sign(term.match_expressions, out);
    sign(term.match_fields, out);
  }
}

/// The nodes that count, and a text that equal filters share.
struct Inclusion {
  NodeFilter filter;
  std::string identity;
};

/// matchNodeInclusionPolicies, and the keys that the node must have besides the tally's own.
Inclusion inclusion_of(const SpreadConstraint& constraint, std::vector<Symbol> needed,
                       const api::Pod& pod) {
  const bool affinity = constraint.honors_affinity && pod.spec && restricts_nodes(*pod.spec);
  const bool taints = constraint.honors_taints;
  if (!affinity && !taints && needed.empty()) return {};
  Signature text;
  text.add(static_cast<std::int64_t>(needed.size()));
  for (const Symbol key : needed) text.add(key);
  text.add(std::int64_t{affinity});
  if (affinity) sign_restrictions(*pod.spec, text);
  text.add(std::int64_t{taints});
  if (taints) sign_tolerations(pod, text);
  const auto filter = [needed = std::move(needed), affinity, taints,
                       spec = pod.spec](const api::Node& node) {
    for (const Symbol key : needed) {
      if (!node.meta.labels.has(key)) return false;
    }
    if (affinity && !matches_required_affinity(*spec, node)) return false;
    return !taints || tolerates_all(node, spec ? spec->tolerations : api::List<api::Toleration>());
  };
  return {filter, text.bytes()};
}

/// The other keys, sorted, each once.
std::vector<Symbol> keys_besides(Symbol own, const std::vector<SpreadConstraint>& constraints) {
  std::vector<Symbol> keys;
  for (const SpreadConstraint& c : constraints) {
    if (c.topology_key != own) keys.push_back(c.topology_key);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

bool SpreadConstraint::matches(const api::Labels& labels) const {
  return std::all_of(selectors.begin(), selectors.end(),
                     [&](const api::Selector& s) { return s.matches(labels); });
}

Result<std::vector<SpreadConstraint>> compile_constraints(
    const api::List<api::TopologySpreadConstraint>& constraints, const api::Pod& pod,
    Symbol when_unsatisfiable) {
  std::vector<SpreadConstraint> compiled;
  for (const api::TopologySpreadConstraint& from : constraints) {
    if (from.when_unsatisfiable != when_unsatisfiable) continue;
    auto selectors = selectors_of(from, pod);
    if (!selectors.ok()) return selectors.status();
    SpreadConstraint& c = compiled.emplace_back();
    c.max_skew = from.max_skew;
    c.min_domains = from.min_domains.value_or(1);
    c.topology_key = from.topology_key;
    c.honors_affinity = honors(from.node_affinity_policy, true);
    c.honors_taints = honors(from.node_taints_policy, false);
    c.selectors = std::move(*selectors);
    c.matches_self = c.matches(*pod.meta.labels);
  }
  return compiled;
}

void start_counting(std::vector<SpreadConstraint>& constraints, const api::Pod& pod,
                    TopologyKeys& keys, PodGroups& groups, bool needs_all_keys, bool for_score) {
  static const Symbol kHostname{"kubernetes.io/hostname"};
  for (SpreadConstraint& c : constraints) {
    c.key = keys.of(c.topology_key);
    c.is_hostname = c.topology_key == kHostname;
    PodQuery query;
    query.namespaces = {pod.meta.namespace_};
    query.selectors = c.selectors;
    if (query.selectors.empty()) query.selectors = {api::Selector::nothing()};
    query.skips_terminating = true;
    c.query = groups.query(std::move(query));
    if (for_score && c.is_hostname) continue;
    Inclusion inclusion = inclusion_of(
        c, needs_all_keys ? keys_besides(c.topology_key, constraints) : std::vector<Symbol>(), pod);
    c.tally = groups.tally(c.query, c.key, std::move(inclusion.filter), inclusion.identity);
  }
}

}  // namespace orrery::scheduler
