#include "core/scheduler/placer.h"

#include <algorithm>

#include "core/scheduler/extender.h"
#include "core/scheduler/nominated_filter.h"

namespace orrery::scheduler {

Placement Placement::no_nodes() {
  Placement placement;
  placement.kind = Kind::kUnschedulable;
  placement.diagnosis = std::make_shared<Diagnosis>();
  return placement;
}

Placement Placement::failed(const Verdict& verdict) {
  Placement placement;
  placement.error = message_of(verdict);
  return placement;
}

void Placer::advance(std::int64_t processed) {
  next_start_ = (next_start_ + processed) % static_cast<std::int64_t>(cache_.order().size());
}

std::int64_t Placer::wanted(const Framework& framework, std::size_t nodes) {
  if (!framework.has_score()) return 1;
  return nodes_to_find(framework.profile().percentage_of_nodes_to_score,
                       static_cast<std::int64_t>(nodes));
}

/// evaluateNominatedNode: the node that the pod waited for is tried before all others.
bool Placer::fits_nominated(const Framework& framework, const Ref<const api::Pod>& pod,
                            Placement& placement) {
  if (pod->status.nominated_node_name.empty()) return false;
  const NodeSlot slot = cache_.find_node(pod->status.nominated_node_name);
  if (slot == kNoNode || cache_.position(slot) < 0) return false;
  auto state = std::make_unique<CycleState>();
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  if (!framework.run_pre_filter(*state, *pod, names, narrowed_by).ok()) return false;
  const Symbol name = cache_.node(slot).name();
  if (names && !std::binary_search(names->begin(), names->end(), name)) return false;
  if (!filter_with_nominated(framework, cache_, *state, pod, slot).ok()) return false;
  if (extenders_) {
    std::vector<NodeSlot> one{slot};
    Diagnosis ignored;
    if (!extenders_->filter(*pod, one, ignored).ok() || one.empty()) return false;
  }
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
  if (nodes == 0) return Placement::no_nodes();
  if (next_start_ >= static_cast<std::int64_t>(nodes)) {
    next_start_ %= static_cast<std::int64_t>(nodes);
  }
  Placement placement;
  if (fits_nominated(framework, pod, placement)) return placement;
  const bool asks_extenders = extenders_ && extenders_->is_interested(*pod);
  EquivalenceClass* cls = fast_ && framework.is_split() && !asks_extenders
                              ? classes_.find(framework, pod, nodes)
                              : nullptr;
  return cls ? place_by_class(framework, *cls, pod) : place_plain(framework, pod);
}

/// The class knows everything about this pod.
Placement Placer::place_remembered(const Framework& framework, EquivalenceClass& cls) {
  const Profile& profile = framework.profile();
  const EquivalenceClass::Window window =
      cls.scan(cache_, next_start_, wanted(framework, cache_.order().size()));
  advance(window.processed);
  Placement placement;
  placement.class_id = cls.id();
  placement.evaluated = window.processed;
  placement.feasible = window.feasible;
  if (window.feasible == 0) {
    placement.kind = Placement::Kind::kUnschedulable;
    placement.diagnosis = cls.diagnosis(cache_);
    if (!framework.post_filters().empty()) {
      placement.removable = cls.rejected(cache_, Code::kUnschedulable);
    }
    return placement;
  }
  const auto choice = cls.choose(cache_, window, profile.tie_break, ties_);
  placement.kind = Placement::Kind::kPlaced;
  placement.node = choice.node;
  if (window.feasible > 1) placement.score = choice.score;
  return placement;
}

Placement Placer::place_by_class(const Framework& framework, EquivalenceClass& cls,
                                 const Ref<const api::Pod>& pod) {
  constexpr Part kOthers = Part::kClusterWide;
  auto state = std::make_unique<CycleState>();
  NodeNames names;
  std::uint64_t narrowed_by = 0;
  const Verdict pre = framework.run_pre_filter(*state, *pod, names, narrowed_by, kOthers);
  if (!pre.ok() || names) return place_plain(framework, pod);
  cls.refresh(cache_);
  const bool filters = framework.filters(*state, kOthers);
  const bool scores = framework.may_score(*state, *pod, kOthers);
  NominatedFilter nominated(framework, cache_, pod);
  if (!filters && !scores && !nominated.is_needed()) {
    Placement placement = place_remembered(framework, cls);
    if (framework.members(kOthers) != 0) placement.state = std::move(state);
    return placement;
  }
  const bool waits = nominated.is_needed();
  std::function<bool(NodeSlot)> accepts;
  if (filters || waits) {
    accepts = [&](NodeSlot slot) {
      if (filters && !framework.passes(*state, *pod, cache_.node(slot), kOthers)) return false;
      return !waits || !nominated.concerns(slot) || nominated.check(slot).ok();
    };
  }
  EquivalenceClass::Picked& picked = picked_;
  cls.pick(cache_, next_start_, wanted(framework, cache_.order().size()), accepts, picked);
  advance(picked.processed);
  Placement placement;
  placement.class_id = cls.id();
  placement.evaluated = picked.processed;
  placement.feasible = static_cast<std::int64_t>(picked.nodes.size());
  if (picked.nodes.empty()) {
    explain_rejections(framework, cls, *state, nominated, placement);
    return placement;
  }
  placement.kind = Placement::Kind::kPlaced;
  placement.node = picked.nodes.front();
  if (picked.nodes.size() > 1) {
    cls.totals(picked.positions, totals_);
    if (scores) {
      const Verdict scoring = framework.run_pre_score(*state, *pod, picked.nodes, kOthers);
      if (!scoring.ok()) return Placement::failed(scoring);
      framework.add_scores(*state, *pod, cache_, picked.nodes, kOthers, totals_, scratch_);
    }
    const std::size_t chosen =
        select_host(framework.profile().tie_break, totals_, picked.nodes, cache_, ties_);
    placement.node = picked.nodes[chosen];
    placement.score = totals_[chosen];
  }
  placement.state = std::move(state);
  return placement;
}

/// No node was accepted: the words of the class for those that it turned down, of the other
/// plugins for the rest.
void Placer::explain_rejections(const Framework& framework, EquivalenceClass& cls,
                                const CycleState& state, NominatedFilter& nominated,
                                Placement& placement) const {
  placement.kind = Placement::Kind::kUnschedulable;
  // Nominated pods change the words of nodes that the class has judged: then all are counted anew.
  const bool anew = nominated.is_needed();
  auto diagnosis = anew ? std::make_shared<Diagnosis>()
                        : std::make_shared<Diagnosis>(*cls.diagnosis(cache_));
  diagnosis->nodes_total = static_cast<std::int64_t>(cache_.order().size());
  const bool has_post_filter = !framework.post_filters().empty();
  for (const NodeSlot slot : cache_.order()) {
    const Verdict* known = cls.rejection(cache_, slot);
    Verdict verdict;
    if (nominated.concerns(slot)) {
      verdict = nominated.check(slot);
    } else if (known) {
      verdict = *known;
    } else {
      verdict = framework.run_filter(state, *nominated.pod(), cache_.node(slot),
                                     Part::kClusterWide);
    }
    if (anew || !known) diagnosis->add(verdict);
    if (has_post_filter && verdict.code == Code::kUnschedulable) {
      placement.removable.push_back(slot);
    }
  }
  placement.diagnosis = std::move(diagnosis);
}

}  // namespace orrery::scheduler
