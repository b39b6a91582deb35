#include "tests/core/scheduler/naive_spread.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/scheduler/plugins/node_selector.h"
#include "core/scheduler/plugins/tolerations.h"

namespace orrery::scheduler::test {
namespace {

bool has_keys(const api::Node& node, const std::vector<api::TopologySpreadConstraint>& all) {
  return std::all_of(all.begin(), all.end(), [&](const api::TopologySpreadConstraint& c) {
    return node.meta.labels.has(c.topology_key);
  });
}

}  // namespace

NaiveSpread::Constraints NaiveSpread::of(const std::string& action) const {
  Constraints chosen;
  for (const auto& c : constraints) {
    if (c.when_unsatisfiable == action) chosen.push_back(c);
  }
  return chosen;
}

bool NaiveSpread::matches(const api::TopologySpreadConstraint& c, const api::Pod& other) const {
  if (!c.label_selector || !selector_of(c.label_selector).matches(*other.meta.labels)) return false;
  return std::all_of(c.match_label_keys.begin(), c.match_label_keys.end(), [&](Symbol key) {
    const Symbol* wanted = pod.meta.labels->find(key);
    const Symbol* have = other.meta.labels->find(key);
    return !wanted || (have && *have == *wanted);
  });
}

bool NaiveSpread::includes(const api::TopologySpreadConstraint& c, const api::Node& node) const {
  const bool affinity = !c.node_affinity_policy || *c.node_affinity_policy == "Honor";
  if (affinity && !matches_required_affinity(*pod.spec, node)) return false;
  if (!c.node_taints_policy || *c.node_taints_policy == "Ignore") return true;
  return std::all_of(node.spec.taints.begin(), node.spec.taints.end(), [&](const auto& taint) {
    return taint.effect == "PreferNoSchedule" || tolerates(pod.spec->tolerations, taint);
  });
}

std::int64_t NaiveSpread::count(const api::TopologySpreadConstraint& c, NodeSlot node) const {
  const bool has_values = std::any_of(c.match_label_keys.begin(), c.match_label_keys.end(),
                                      [&](Symbol key) { return pod.meta.labels.has(key); });
  if (c.label_selector && c.label_selector->empty() && !has_values) return 0;
  std::int64_t sum = 0;
  cache.node(node).for_each_pod([&](const api::Pod& other) {
    sum += !other.meta.is_being_deleted() && other.meta.namespace_ == pod.meta.namespace_ &&
           matches(c, other);
  });
  return sum;
}

std::string NaiveSpread::filter(NodeSlot node) const {
  const Constraints hard = of("DoNotSchedule");
  for (const auto& c : hard) {
    std::map<std::string, std::int64_t> sums;
    for (const NodeSlot slot : cache.order()) {
      const api::Node& other = cache.node(slot).node();
      if (!has_keys(other, hard) || !includes(c, other)) continue;
      sums[other.meta.labels.get(c.topology_key).str()] += count(c, slot);
    }
    const Symbol* value = cache.node(node).labels().find(c.topology_key);
    if (!value) return "label";
    std::int64_t least = std::numeric_limits<std::int32_t>::max();
    for (const auto& [domain, pods] : sums) least = std::min(least, pods);
    if (static_cast<std::int64_t>(sums.size()) < c.min_domains.value_or(1)) least = 0;
    const std::int64_t mine = sums.contains(value->str()) ? sums[value->str()] : 0;
    if (mine + matches(c, pod) - least > c.max_skew) return "skew";
  }
  return "";
}

std::vector<std::int64_t> NaiveSpread::raw(const std::vector<NodeSlot>& feasible) const {
  const Constraints soft = of("ScheduleAnyway");
  const auto is_left_out = [&](NodeSlot slot) {
    return needs_all_keys && !has_keys(cache.node(slot).node(), soft);
  };
  std::vector<double> sums(feasible.size(), 0);
  for (const auto& c : soft) {
    std::map<std::string, std::int64_t> counts;
    std::size_t kept = 0;
    for (const NodeSlot slot : feasible) {
      if (is_left_out(slot)) continue;
      ++kept;
      counts[cache.node(slot).labels().get(c.topology_key).str()];
    }
    for (const NodeSlot slot : cache.order()) {
      const api::Node& node = cache.node(slot).node();
      const auto domain = counts.find(node.meta.labels.get(c.topology_key).str());
      if (is_left_out(slot) || !includes(c, node) || domain == counts.end()) continue;
      domain->second += count(c, slot);
    }
    const bool by_node = c.topology_key == "kubernetes.io/hostname";
    const double weight = std::log(static_cast<double>((by_node ? kept : counts.size()) + 2));
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      const Symbol* value = cache.node(feasible[i]).labels().find(c.topology_key);
      if (!value || is_left_out(feasible[i])) continue;
      const std::int64_t pods = by_node ? count(c, feasible[i]) : counts[value->str()];
      sums[i] += static_cast<double>(pods) * weight + static_cast<double>(c.max_skew - 1);
    }
  }
  std::vector<std::int64_t> rounded;
  for (const double sum : sums) rounded.push_back(static_cast<std::int64_t>(std::round(sum)));
  return rounded;
}

std::vector<std::int64_t> NaiveSpread::normalized(const std::vector<NodeSlot>& feasible) const {
  const Constraints soft = of("ScheduleAnyway");
  std::vector<std::int64_t> scores = raw(feasible);
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
  const auto is_left_out = [&](std::size_t i) {
    return needs_all_keys && !has_keys(cache.node(feasible[i]).node(), soft);
  };
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (is_left_out(i)) continue;
    least = std::min(least, scores[i]);
    most = std::max(most, scores[i]);
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (is_left_out(i)) {
      scores[i] = 0;
    } else {
      scores[i] = most == 0 ? 100 : 100 * (most + least - scores[i]) / most;
    }
  }
  return scores;
}

}  // namespace orrery::scheduler::test
