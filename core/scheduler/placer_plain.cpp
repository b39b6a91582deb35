// The plain path: every plugin on every node of the window, as upstream's schedulePod.
#include <algorithm>

#include "core/scheduler/extender.h"
#include "core/scheduler/nominated_filter.h"
#include "core/scheduler/placer.h"

namespace orrery::scheduler {
namespace {

/// PreFilter turned the pod down.
Placement turned_down(const Verdict& verdict, std::span<const NodeSlot> nodes) {
  if (!verdict.rejects()) return Placement::failed(verdict);
  Placement placement;
  placement.kind = Placement::Kind::kUnschedulable;
  auto diagnosis = std::make_shared<Diagnosis>();
  diagnosis->nodes_total = static_cast<std::int64_t>(nodes.size());
  diagnosis->add(verdict, diagnosis->nodes_total);
  diagnosis->pre_filter_message = message_of(verdict);
  placement.diagnosis = std::move(diagnosis);
  if (verdict.code == Code::kUnschedulable) placement.removable.assign(nodes.begin(), nodes.end());
  return placement;
}

}  // namespace

Verdict left_out(const Framework& framework, std::uint64_t narrowed_by) {
  Verdict verdict{
      Code::kUnschedulableAndUnresolvable,
      {Symbol("node(s) didn't satisfy plugin(s) [" + framework.names_of(narrowed_by) + "]")}};
  return verdict;
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
Verdict Placer::search(const Framework& framework, const CycleState& state,
                       const Ref<const api::Pod>& pod, std::span<const NodeSlot> nodes,
                       Placement& placement, Diagnosis& diagnosis,
                       std::vector<NodeSlot>& feasible) {
  const auto n = static_cast<std::int64_t>(nodes.size());
  const bool asks_extenders = extenders_ && extenders_->is_interested(*pod);
  const std::int64_t wanted =
      asks_extenders && extenders_->filters()
          ? nodes_to_find(framework.profile().percentage_of_nodes_to_score, n)
          : this->wanted(framework, nodes.size());
  std::int64_t& processed = placement.evaluated;
  for (; processed < n && placement.feasible < wanted; ++processed) {
    const NodeSlot slot = nodes[static_cast<std::size_t>((next_start_ + processed) % n)];
    Verdict verdict = filter_with_nominated(framework, cache_, state, pod, slot);
    if (verdict.ok()) {
      feasible.push_back(slot);
      ++placement.feasible;
    } else if (verdict.rejects()) {
      diagnosis.add(verdict);
      if (verdict.code == Code::kUnschedulable) placement.removable.push_back(slot);
    } else {
      return verdict;
    }
  }
  advance(processed);
  if (!asks_extenders || feasible.empty()) return {};
  const std::size_t before = feasible.size();
  const Status answered =
      extenders_->filter(*pod, feasible, diagnosis, &placement.removable);
  if (!answered.ok()) return {Code::kError, {Symbol(answered.message())}};
  placement.feasible = static_cast<std::int64_t>(feasible.size());
  if (feasible.size() < before) diagnosis.plugins |= kExtenders;
  return {};
}

Placement Placer::place_plain(const Framework& framework, const Ref<const api::Pod>& pod) {
  cache_.refresh_order();
  const std::vector<NodeSlot>& order = cache_.order();
  if (order.empty()) return Placement::no_nodes();
  auto state = std::make_unique<CycleState>();
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  const Verdict pre = framework.run_pre_filter(*state, *pod, names, narrowed_by);
  if (!pre.ok()) return turned_down(pre, order);
  const std::vector<NodeSlot> named = names ? slots_of(*names) : std::vector<NodeSlot>();
  auto diagnosis = std::make_shared<Diagnosis>();
  diagnosis->nodes_total = static_cast<std::int64_t>(order.size());
  Placement placement;
  std::vector<NodeSlot> feasible;
  const Verdict found =
      search(framework, *state, pod, names ? named : order, placement, *diagnosis, feasible);
  if (!found.ok()) return Placement::failed(found);
  if (feasible.empty()) {
    std::sort(placement.removable.begin(), placement.removable.end(), [&](NodeSlot a, NodeSlot b) {
      return cache_.position(a) < cache_.position(b);
    });
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
    if (!scoring.ok()) return Placement::failed(scoring);
    std::vector<std::int64_t> totals;
    framework.run_score(*state, *pod, cache_, feasible, totals);
    if (extenders_) extenders_->prioritize(*pod, feasible, totals);
    const std::size_t chosen =
        select_host(framework.profile().tie_break, totals, feasible, cache_, ties_);
    placement.node = feasible[chosen];
    placement.score = totals[chosen];
  }
  placement.state = std::move(state);
  return placement;
}

}  // namespace orrery::scheduler
