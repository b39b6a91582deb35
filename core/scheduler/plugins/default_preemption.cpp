#include "core/scheduler/plugins/default_preemption.h"

#include <algorithm>

#include "core/client/event_recorder.h"
#include "core/client/typed_client.h"
#include "core/scheduler/fit_error.h"

namespace orrery::scheduler {
namespace {

/// Deleted by a scheduler to make room.
bool is_terminating_by_preemption(const api::Pod& pod) {
  if (!pod.meta.is_being_deleted()) return false;
  const api::PodCondition* c = api::find_condition(pod.status, "DisruptionTarget");
  return c && c->status == "True" && c->reason == "PreemptionByScheduler";
}

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
      dry_run_(context.cache) {}

std::string DefaultPreemption::why_not_eligible(const api::Pod& pod) const {
  if (pod.spec->preemption_policy == "Never") {
    return "not eligible due to preemptionPolicy=Never.";
  }
  if (pod.status.nominated_node_name.empty()) return {};
  const NodeSlot slot = context_.cache.find_node(pod.status.nominated_node_name);
  if (slot == kNoNode) return {};
  for (const std::uint32_t number : context_.cache.node(slot).pods()) {
    const api::Pod& other = *context_.cache.pods()[number].pod;
    if (priority_of(other) < priority_of(pod) && is_terminating_by_preemption(other)) {
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

DefaultPreemption::Decision DefaultPreemption::decide(const Ref<const api::Pod>& pod,
                                                      const FailedCycle& cycle) {
  Decision decision;
  const auto refuse = [&](const std::string& why) {
    std::string text = "preemption: ";
    text += why;
    decision.verdict = {Code::kUnschedulable, {Symbol(text)}};
    return std::move(decision);
  };
  if (const std::string why = why_not_eligible(*pod); !why.empty()) {
    decision.is_eligible = false;
    return refuse(why);
  }
  const std::size_t nodes = cycle.removable.size();
  if (nodes > 0) {
    const std::size_t wanted = candidates_wanted(nodes);
    const std::size_t offset = wanted < nodes ? offsets_.below(nodes) : 0;
    decision.dry_run = dry_run_.run(cycle.framework, pod, cycle.removable, offset, wanted);
  }
  const std::vector<Candidate>& all = decision.dry_run.candidates;
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
  std::vector<Uid> displaced;
  for (const Ref<const api::Pod>& other : node.nominated()) {
    if (priority_of(*other) < priority_of(*pod)) displaced.push_back(other->meta.uid);
  }
  for (const Uid& uid : displaced) context_.cache.forget_nomination(uid);
  context_.cache.nominate(pod, name);
  for (const Ref<const api::Pod>& victim : victims) evict(victim, pod, name);
  return {{}, name, false};
}

/// Marks the victim with DisruptionTarget, then deletes it (preparation of the candidate).
void DefaultPreemption::evict(const Ref<const api::Pod>& victim, const Ref<const api::Pod>& for_pod,
                              Symbol node) {
  if (context_.waiting && context_.waiting->reject_waiting(victim->meta.uid, "preempted")) return;
  if (context_.events && context_.events->is_enabled()) {
    std::string text = "Preempted by pod ";
    text += for_pod->meta.uid.str();
    text += " on node ";
    text += node.view();
    context_.events->event(*victim, Symbol("v1"), Symbol("Pod"), Symbol("Normal"),
                           Symbol("Preempted"), text);
  }
  if (victim->meta.is_being_deleted()) return;
  Ref<api::Pod> marked = copy_of(victim);
  api::PodCondition condition;
  condition.type = Symbol("DisruptionTarget");
  condition.status = Symbol("True");
  condition.reason = Symbol("PreemptionByScheduler");
  std::string message(for_pod->spec->scheduler_name.view());
  message += ": preempting to accommodate a higher priority pod";
  condition.message = Text(message);
  condition.last_transition_time = truncate_to_second(context_.env.now());
  api::set_condition(marked->status, std::move(condition));
  update_status<api::Pod>(context_.client, Ref<const api::Pod>(marked),
                          [client = &context_.client, victim](Result<Ref<const api::Pod>>) {
                            remove(*client, *victim, {}, {});
                          });
}

}  // namespace orrery::scheduler
