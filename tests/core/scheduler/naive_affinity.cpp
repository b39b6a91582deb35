#include "tests/core/scheduler/naive_affinity.h"

#include <algorithm>
#include <set>

namespace orrery::scheduler::test {
namespace {

using TextLabels = std::map<std::string, std::string>;

TextLabels labels_of(const api::ObjectMeta& meta) {
  TextLabels out;
  for (const auto& [key, value] : meta.labels->entries()) out[key.str()] = value.str();
  return out;
}

bool selects(const api::LabelSelector& selector, const TextLabels& labels) {
  for (const auto& [key, value] : selector.match_labels) {
    const auto found = labels.find(key.str());
    if (found == labels.end() || found->second != value.str()) return false;
  }
  for (const auto& r : selector.match_expressions) {
    const auto found = labels.find(r.key.str());
    const bool has = found != labels.end();
    const bool in = has && std::any_of(r.values.begin(), r.values.end(), [&](Symbol v) {
                      return v.str() == found->second;
                    });
    const std::string op = r.operator_.str();
    if ((op == "In" && !in) || (op == "NotIn" && in) || (op == "Exists" && !has) ||
        (op == "DoesNotExist" && has)) {
      return false;
    }
  }
  return true;
}

/// The node's value of the term's key, absent if it has none (or is no node).
std::optional<std::string> domain(const api::PodAffinityTerm& term, const api::Node* node) {
  if (!node) return std::nullopt;
  const TextLabels labels = labels_of(node->meta);
  const auto found = labels.find(term.topology_key.str());
  if (found == labels.end()) return std::nullopt;
  return found->second;
}

bool together(const api::PodAffinityTerm& term, const api::Node* a, const api::Node* b) {
  const auto x = domain(term, a);
  return x && x == domain(term, b);
}

const api::PodAffinity& affinity(const api::Pod& pod) {
  static const api::PodAffinity kNone;
  if (!pod.spec->affinity || !pod.spec->affinity->pod_affinity) return kNone;
  return *pod.spec->affinity->pod_affinity;
}

const api::PodAffinity& anti_affinity(const api::Pod& pod) {
  static const api::PodAffinity kNone;
  if (!pod.spec->affinity || !pod.spec->affinity->pod_anti_affinity) return kNone;
  return *pod.spec->affinity->pod_anti_affinity;
}

const api::Node* node_of(const NaiveCluster& cluster, const api::Pod& pod) {
  const auto found = cluster.nodes.find(pod.node_name.str());
  return found == cluster.nodes.end() ? nullptr : found->second.get();
}

std::set<std::string> own_names(const api::PodAffinityTerm& term, const api::Pod& owner) {
  std::set<std::string> names;
  for (const Symbol name : term.namespaces) names.insert(name.str());
  if (names.empty() && !term.namespace_selector) names.insert(owner.meta.namespace_.str());
  return names;
}

bool means_labels(const api::PodAffinityTerm& term, const api::Pod& other) {
  return term.label_selector && selects(*term.label_selector, labels_of(other.meta));
}

}  // namespace

bool NaiveCluster::incoming_matches(const api::PodAffinityTerm& term, const api::Pod& owner,
                                    const api::Pod& other) const {
  if (!means_labels(term, other)) return false;
  if (term.namespace_selector && *term.namespace_selector == api::LabelSelector{}) return true;
  std::set<std::string> names = own_names(term, owner);
  for (const auto& [name, ns] : namespaces) {
    if (term.namespace_selector && selects(*term.namespace_selector, labels_of(ns->meta))) {
      names.insert(name);
    }
  }
  return names.contains(other.meta.namespace_.str());
}

bool NaiveCluster::existing_matches(const api::PodAffinityTerm& term, const api::Pod& owner,
                                    const api::Pod& other) const {
  if (!means_labels(term, other)) return false;
  if (own_names(term, owner).contains(other.meta.namespace_.str())) return true;
  if (!term.namespace_selector) return false;
  const auto found = namespaces.find(other.meta.namespace_.str());
  return selects(*term.namespace_selector,
                 found == namespaces.end() ? TextLabels{} : labels_of(found->second->meta));
}

bool NaiveCluster::meets_all(const api::Pod& owner, const api::Pod& other) const {
  for (const auto& term : affinity(owner).required) {
    if (!incoming_matches(term, owner, other)) return false;
  }
  return true;
}

NaiveCluster::Answer NaiveCluster::filter(const api::Pod& pod, const api::Node& node) const {
  bool is_first = meets_all(pod, pod), lonely = false;
  for (const auto& term : affinity(pod).required) {
    if (!domain(term, &node)) return Answer::kAffinity;
    bool met = false;
    for (const auto& [name, other] : pods) {
      const api::Node* where = node_of(*this, *other);
      if (!meets_all(pod, *other) || !domain(term, where)) continue;
      is_first = false;
      if (together(term, where, &node)) met = true;
    }
    if (!met) lonely = true;
  }
  if (lonely && !is_first) return Answer::kAffinity;
  for (const auto& [name, other] : pods) {
    for (const auto& term : anti_affinity(pod).required) {
      if (incoming_matches(term, pod, *other) && together(term, node_of(*this, *other), &node)) {
        return Answer::kAntiAffinity;
      }
    }
  }
  for (const auto& [name, other] : pods) {
    for (const auto& term : anti_affinity(*other).required) {
      if (existing_matches(term, *other, pod) && together(term, node_of(*this, *other), &node)) {
        return Answer::kExisting;
      }
    }
  }
  return Answer::kFits;
}

bool NaiveCluster::skips_filter(const api::Pod& pod) const {
  if (!affinity(pod).required.empty() || !anti_affinity(pod).required.empty()) return false;
  for (const auto& [name, other] : pods) {
    for (const auto& term : anti_affinity(*other).required) {
      if (existing_matches(term, *other, pod) && domain(term, node_of(*this, *other))) return false;
    }
  }
  return true;
}

std::optional<std::int64_t> NaiveCluster::score(const api::Pod& pod, const api::Node& node,
                                                std::int64_t hard_weight,
                                                bool ignores_preferred) const {
  if (ignores_preferred && affinity(pod).preferred.empty() &&
      anti_affinity(pod).preferred.empty()) {
    return std::nullopt;
  }
  bool counted = false;
  std::int64_t sum = 0;
  const auto add = [&](const api::PodAffinityTerm& term, const api::Node* where,
                       std::int64_t weight) {
    if (!domain(term, where)) return;
    counted = true;
    if (together(term, where, &node)) sum += weight;
  };
  for (const auto& [name, other] : pods) {
    const api::Node* where = node_of(*this, *other);
    for (const auto& [sign, side] : {std::pair{1, &affinity(pod)}, {-1, &anti_affinity(pod)}}) {
      for (const auto& [weight, term] : side->preferred) {
        if (incoming_matches(term, pod, *other)) add(term, where, sign * weight);
      }
    }
    for (const auto& [sign, side] :
         {std::pair{1, &affinity(*other)}, {-1, &anti_affinity(*other)}}) {
      for (const auto& [weight, term] : side->preferred) {
        if (existing_matches(term, *other, pod)) add(term, where, sign * weight);
      }
    }
    for (const auto& term : affinity(*other).required) {
      if (hard_weight > 0 && existing_matches(term, *other, pod)) add(term, where, hard_weight);
    }
  }
  if (!counted) return std::nullopt;
  return sum;
}

}  // namespace orrery::scheduler::test
