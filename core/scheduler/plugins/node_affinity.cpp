#include "core/scheduler/plugins/node_affinity.h"

#include <algorithm>

#include "core/scheduler/plugins/node_selector.h"
#include "core/scheduler/plugins/taint_toleration.h"

namespace orrery::scheduler {
namespace {

/// Nodes that this term names by metadata.name In [...], absent if it names none.
NodeNames named_nodes(const api::NodeSelectorTerm& term) {
  NodeNames names;
  for (const api::NodeSelectorRequirement& r : term.match_fields) {
    if (!(r.key == "metadata.name") || !(r.operator_ == "In")) continue;
    std::vector<Symbol> values(r.values.begin(), r.values.end());
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (!names) {
      names = std::move(values);
    } else {
      std::erase_if(*names,
                    [&](Symbol n) { return !std::binary_search(values.begin(), values.end(), n); });
    }
  }
  return names;
}

const api::List<api::PreferredSchedulingTerm>* preferred(const api::Pod& pod) {
  if (!pod.spec || !pod.spec->affinity || !pod.spec->affinity->node_affinity) return nullptr;
  return &pod.spec->affinity->node_affinity->preferred;
}

}  // namespace

bool NodeAffinity::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (!event.node) return true;
  if (event.old_node && check(pod, *event.old_node).ok()) return false;
  return check(pod, *event.node).ok();
}

bool NodeAffinity::sign(const api::Pod& pod, Signature& signature) {
  return pod.spec && sign_node_selector(*pod.spec, signature);
}

Verdict NodeAffinity::pre_filter(CycleState&, const api::Pod& pod, NodeNames& nodes) {
  static const Symbol kConflict{"pod affinity terms conflict"};
  const bool added = args_.added_affinity && args_.added_affinity->required;
  const api::NodeSelector* required = required_affinity(*pod.spec);
  if (!required && !added && pod.spec->node_selector.empty()) return {Code::kSkip};
  if (!required || required->node_selector_terms.empty()) return {};
  std::vector<Symbol> all;
  for (const api::NodeSelectorTerm& term : required->node_selector_terms) {
    const NodeNames named = named_nodes(term);
    if (!named) return {};
    all.insert(all.end(), named->begin(), named->end());
  }
  if (all.empty()) return {Code::kUnschedulableAndUnresolvable, {kConflict}};
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  nodes = std::move(all);
  return {};
}

Verdict NodeAffinity::check(const api::Pod& pod, const api::Node& node) const {
  static const Symbol kReason{"node(s) didn't match Pod's node affinity/selector"};
  static const Symbol kEnforced{"node(s) didn't match scheduler-enforced node affinity"};
  if (args_.added_affinity && args_.added_affinity->required &&
      !matches(*args_.added_affinity->required, node)) {
    return {Code::kUnschedulableAndUnresolvable, {kEnforced}};
  }
  if (!matches_required_affinity(*pod.spec, node)) {
    return {Code::kUnschedulableAndUnresolvable, {kReason}};
  }
  return {};
}

Verdict NodeAffinity::filter(const CycleState&, const api::Pod& pod, const NodeInfo& node) const {
  return check(pod, node.node());
}

Verdict NodeAffinity::pre_score(CycleState&, const api::Pod& pod, std::span<const NodeSlot>) {
  const auto* terms = preferred(pod);
  const bool added = args_.added_affinity && !args_.added_affinity->preferred.empty();
  if ((!terms || terms->empty()) && !added) return {Code::kSkip};
  return {};
}

std::int64_t NodeAffinity::score(const CycleState&, const api::Pod& pod,
                                 const NodeInfo& node) const {
  std::int64_t sum = 0;
  if (args_.added_affinity) sum += preferred_weight(args_.added_affinity->preferred, node.node());
  if (const auto* terms = preferred(pod)) sum += preferred_weight(*terms, node.node());
  return sum;
}

void NodeAffinity::normalize(std::span<std::int64_t> scores) const {
  normalize_by_max(scores, false);
}

}  // namespace orrery::scheduler
