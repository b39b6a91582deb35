#include "core/scheduler/plugins/default_preemption.h"

#include <algorithm>

#include "core/scheduler/extender.h"
#include "core/scheduler/fit_error.h"

namespace orrery::scheduler {
namespace {

/// The text of a FitError over the nodes that were tried and the others.
std::string no_candidates(const FailedCycle& cycle, const DryRunResult& tried) {
  static const Symbol kNotHelpful{"Preemption is not helpful for scheduling"};
  Diagnosis diagnosis;
  diagnosis.nodes_total = cycle.nodes_total;
  for (const auto& [slot, verdict] : tried.others) diagnosis.add(verdict);
  const auto untried =
      cycle.nodes_total - static_cast<std::int64_t>(tried.others.size());
  if (untried > 0) diagnosis.add({Code::kUnschedulableAndUnresolvable, {kNotHelpful}}, untried);
  return fit_error_text(diagnosis);
}

}  // namespace

DefaultPreemption::DefaultPreemption(DefaultPreemptionArgs args, const PluginContext& context)
    : args_(args),
      context_(context),
      offsets_(context.env.random.stream("scheduler.preemption_offset")),
      dry_run_(context.cache),
      evictions_(context) {}

/// podEligibleToPreemptOthers.
std::string DefaultPreemption::why_not_eligible(const api::Pod& pod,
                                                const FailedCycle& cycle) const {
  if (pod.spec->preemption_policy == "Never") {
    return "not eligible due to preemptionPolicy=Never.";
  }
  // The status may be on its way yet.
  const Symbol nominated = pod.status.nominated_node_name.empty()
                               ? context_.cache.nominated_node(pod.meta.uid)
                               : pod.status.nominated_node_name;
  const NodeSlot slot = nominated.empty() ? kNoNode : context_.cache.find_node(nominated);
  if (slot == kNoNode) return {};
  if (std::find(cycle.removable.begin(), cycle.removable.end(), slot) == cycle.removable.end()) {
    return {};  // removing pods no longer helps there
  }
  for (const std::uint32_t number : context_.cache.node(slot).pods()) {
    const api::Pod& other = *context_.cache.pods()[number].pod;
    if (priority_of(other) < priority_of(pod) && evictions_.is_going(other)) {
      return "not eligible due to a terminating pod on the nominated node.";
    }
  }
  return {};
}

/// calculateNumCandidates.
std::size_t DefaultPreemption::candidates_wanted(std::size_t nodes) const {
  const auto share = nodes * static_cast<std::size_t>(args_.min_candidate_nodes_percentage) / 100;
  return std::min(nodes,
                  std::max(share, static_cast<std::size_t>(args_.min_candidate_nodes_absolute)));
}

DefaultPreemption::Decision DefaultPreemption::foresee(const Ref<const api::Pod>& pod,
                                                       const FailedCycle& cycle) {
  RandomStream offsets = offsets_;
  DryRun dry_run(context_.cache);
  return decide(pod, cycle, offsets, dry_run);
}

DefaultPreemption::Decision DefaultPreemption::decide(const Ref<const api::Pod>& pod,
                                                      const FailedCycle& cycle,
                                                      RandomStream& offsets, DryRun& dry_run) {
  Decision decision;
  const auto refuse = [&](const std::string& why) {
    std::string text = "preemption: ";
    text += why;
    decision.verdict = {Code::kUnschedulable, {Symbol(text)}};
    return std::move(decision);
  };
  if (const std::string why = why_not_eligible(*pod, cycle); !why.empty()) {
    decision.is_eligible = false;
    return refuse(why);
  }
  const std::size_t nodes = cycle.removable.size();
  if (nodes > 0) {
    const std::size_t wanted = candidates_wanted(nodes);
    const std::size_t offset = wanted < nodes ? offsets.below(nodes) : 0;
    decision.dry_run = dry_run.run(cycle.framework, pod, cycle.removable, offset, wanted);
  }
  std::vector<Candidate>& all = decision.dry_run.candidates;
  if (context_.extenders && !all.empty()) {
    const Status answered = context_.extenders->preempt(*pod, all);
    if (!answered.ok()) return refuse(answered.message());
  }
  if (all.empty()) return refuse(no_candidates(cycle, decision.dry_run));
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (compare(all[i], all[decision.chosen]) < 0) decision.chosen = i;
  }
  return decision;
}

PostFilterPlugin::Outcome DefaultPreemption::post_filter(const Ref<const api::Pod>& pod,
                                                         const FailedCycle& cycle) {
  Decision decision = decide(pod, cycle);
  if (!decision.verdict.ok()) return {std::move(decision.verdict), {}, decision.is_eligible};
  const Candidate& chosen = decision.dry_run.candidates[decision.chosen];
  const NodeInfo node = context_.cache.node(chosen.node);
  const Symbol name = node.name();
  std::vector<Ref<const api::Pod>> victims;
  for (const std::uint32_t number : chosen.victims) {
    victims.push_back(context_.cache.pods()[number].pod);
  }
  // Lower nominated pods make room, too: they may not fit any more.
  std::vector<Ref<const api::Pod>> displaced;
  for (const Ref<const api::Pod>& other : node.nominated()) {
    if (priority_of(*other) < priority_of(*pod)) displaced.push_back(other);
  }
  for (const Ref<const api::Pod>& other : displaced) evictions_.withdraw_nomination(other);
  context_.cache.nominate(pod, name);
  for (const Ref<const api::Pod>& victim : victims) evictions_.evict(victim, *pod, name);
  return {{}, name, false};
}

PostFilterPlugin::Outcome DefaultPreemption::preview(const Ref<const api::Pod>& pod,
                                                     const FailedCycle& cycle) {
  Decision decision = foresee(pod, cycle);
  if (!decision.verdict.ok()) return {std::move(decision.verdict), {}, decision.is_eligible};
  const Candidate& chosen = decision.dry_run.candidates[decision.chosen];
  return {{}, context_.cache.node(chosen.node).name(), false};
}

}  // namespace orrery::scheduler
