#include "core/scheduler/placer.h"

#include <algorithm>

namespace orrery::scheduler {
namespace {

Placement no_nodes() {
  Placement placement;
  placement.kind = Placement::Kind::kUnschedulable;
  placement.diagnosis = std::make_shared<Diagnosis>();
  return placement;
}

Placement failed(const Verdict& verdict) {
  Placement placement;
  placement.error = message_of(verdict);
  return placement;
}

/// PreFilter turned the pod down.
Placement turned_down(const Verdict& verdict, std::size_t nodes) {
  if (!verdict.rejects()) return failed(verdict);
  Placement placement;
  placement.kind = Placement::Kind::kUnschedulable;
  auto diagnosis = std::make_shared<Diagnosis>();
  diagnosis->nodes_total = static_cast<std::int64_t>(nodes);
  diagnosis->add(verdict, diagnosis->nodes_total);
  diagnosis->pre_filter_message = message_of(verdict);
  placement.diagnosis = std::move(diagnosis);
  return placement;
}

}  // namespace

Verdict left_out(const Framework& framework, std::uint64_t narrowed_by) {
  Verdict verdict{
      Code::kUnschedulableAndUnresolvable,
      {Symbol("node(s) didn't satisfy plugin(s) [" + framework.names_of(narrowed_by) + "]")}};
  return verdict;
}

void Placer::advance(std::int64_t processed) {
  next_start_ = (next_start_ + processed) % static_cast<std::int64_t>(cache_.order().size());
}

bool Placer::fits_nominated(const Framework& framework, const api::Pod& pod, Placement& placement) {
  if (pod.status.nominated_node_name.empty()) return false;
  const NodeSlot slot = cache_.find_node(pod.status.nominated_node_name);
  if (slot == kNoNode || cache_.position(slot) < 0) return false;
  auto state = std::make_unique<CycleState>();
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  if (!framework.run_pre_filter(*state, pod, names, narrowed_by).ok()) return false;
  const NodeInfo node = cache_.node(slot);
  if (names && !std::binary_search(names->begin(), names->end(), node.name())) return false;
  if (!framework.run_filter(*state, pod, node).ok()) return false;
  placement.kind = Placement::Kind::kPlaced;
  placement.node = slot;
  placement.evaluated = placement.feasible = 1;
  placement.state = std::move(state);
  advance(1);
  return true;
}

Placement Placer::place(const Framework& framework, const Ref<const api::Pod>& pod) {
  cache_.refresh_order();
  const std::size_t nodes = cache_.order().size();
  if (nodes == 0) return no_nodes();
  if (next_start_ >= static_cast<std::int64_t>(nodes)) {
    next_start_ %= static_cast<std::int64_t>(nodes);
  }
  Placement placement;
  if (fits_nominated(framework, *pod, placement)) return placement;
  EquivalenceClass* cls = fast_ ? classes_.find(framework, pod, nodes) : nullptr;
  return cls ? place_by_class(framework, *cls) : place_plain(framework, pod);
}

Placement Placer::place_by_class(const Framework& framework, EquivalenceClass& cls) {
  const Profile& profile = framework.profile();
  const auto n = static_cast<std::int64_t>(cache_.order().size());
  const std::int64_t wanted =
      framework.has_score() ? nodes_to_find(profile.percentage_of_nodes_to_score, n) : 1;
  cls.refresh(cache_);
  const EquivalenceClass::Window window = cls.scan(cache_, next_start_, wanted);
  advance(window.processed);
  Placement placement;
  placement.class_id = cls.id();
  placement.evaluated = window.processed;
  placement.feasible = window.feasible;
  if (window.feasible == 0) {
    placement.kind = Placement::Kind::kUnschedulable;
    placement.diagnosis = cls.diagnosis(cache_);
    return placement;
  }
  const auto choice = cls.choose(cache_, window, profile.tie_break, ties_);
  placement.kind = Placement::Kind::kPlaced;
  placement.node = choice.node;
  if (window.feasible > 1) placement.score = choice.score;
  return placement;
}

std::vector<NodeSlot> Placer::slots_of(const std::vector<Symbol>& names) const {
  std::vector<NodeSlot> slots;
  for (const Symbol name : names) {
    const NodeSlot slot = cache_.find_node(name);
    if (slot != kNoNode && cache_.position(slot) >= 0) slots.push_back(slot);
  }
  return slots;
}

/// Filters from the start index on until enough nodes are feasible; not ok: a plugin failed.
Verdict Placer::search(const Framework& framework, const CycleState& state, const api::Pod& pod,
                       std::span<const NodeSlot> nodes, Placement& placement, Diagnosis& diagnosis,
                       std::vector<NodeSlot>& feasible) {
  const auto n = static_cast<std::int64_t>(nodes.size());
  const std::int64_t wanted =
      framework.has_score() ? nodes_to_find(framework.profile().percentage_of_nodes_to_score, n)
                            : 1;
  std::int64_t& processed = placement.evaluated;
  for (; processed < n && placement.feasible < wanted; ++processed) {
    const NodeSlot slot = nodes[static_cast<std::size_t>((next_start_ + processed) % n)];
    Verdict verdict = framework.run_filter(state, pod, cache_.node(slot));
    if (verdict.ok()) {
      feasible.push_back(slot);
      ++placement.feasible;
    } else if (verdict.rejects()) {
      diagnosis.add(verdict);
    } else {
      return verdict;
    }
  }
  advance(processed);
  return {};
}

Placement Placer::place_plain(const Framework& framework, const Ref<const api::Pod>& pod) {
  cache_.refresh_order();
  const std::vector<NodeSlot>& order = cache_.order();
  if (order.empty()) return no_nodes();
  auto state = std::make_unique<CycleState>();
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  const Verdict pre = framework.run_pre_filter(*state, *pod, names, narrowed_by);
  if (!pre.ok()) return turned_down(pre, order.size());
  const std::vector<NodeSlot> named = names ? slots_of(*names) : std::vector<NodeSlot>();
  auto diagnosis = std::make_shared<Diagnosis>();
  diagnosis->nodes_total = static_cast<std::int64_t>(order.size());
  Placement placement;
  std::vector<NodeSlot> feasible;
  const Verdict found =
      search(framework, *state, *pod, names ? named : order, placement, *diagnosis, feasible);
  if (!found.ok()) return failed(found);
  if (feasible.empty()) {
    placement.kind = Placement::Kind::kUnschedulable;
    if (names && named.size() < order.size()) {
      diagnosis->add(left_out(framework, narrowed_by),
                     static_cast<std::int64_t>(order.size() - named.size()));
      diagnosis->plugins |= narrowed_by;
    }
    placement.diagnosis = std::move(diagnosis);
    return placement;
  }
  placement.kind = Placement::Kind::kPlaced;
  placement.node = feasible.front();
  if (feasible.size() > 1) {
    const Verdict scoring = framework.run_pre_score(*state, *pod, feasible);
    if (!scoring.ok()) return failed(scoring);
    std::vector<std::int64_t> totals;
    framework.run_score(*state, *pod, cache_, feasible, totals);
    const std::size_t chosen =
        select_host(framework.profile().tie_break, totals, feasible, cache_, ties_);
    placement.node = feasible[chosen];
    placement.score = totals[chosen];
  }
  placement.state = std::move(state);
  return placement;
}

std::vector<NodeVerdict> Placer::verdicts(const Framework& framework,
                                          const Ref<const api::Pod>& pod) {
  std::vector<NodeVerdict> all;
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  const Verdict pre = framework.run_pre_filter(state, *pod, names, narrowed_by);
  for (const NodeSlot slot : cache_.order()) {
    const NodeInfo node = cache_.node(slot);
    Verdict verdict = pre;
    if (pre.ok() && names && !std::binary_search(names->begin(), names->end(), node.name())) {
      verdict = left_out(framework, narrowed_by);
    } else if (pre.ok()) {
      verdict = framework.run_filter(state, *pod, node);
    }
    if (!verdict.ok()) all.push_back({slot, std::move(verdict)});
  }
  return all;
}

}  // namespace orrery::scheduler
