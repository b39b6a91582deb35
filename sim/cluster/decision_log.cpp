#include "sim/cluster/decision_log.h"

#include <fmt/format.h>

namespace orrery::sim {

DecisionLog::DecisionLog(Simulation& run, PodSelection pods, Sink sink)
    : run_(run), pods_(std::move(pods)), sink_(std::move(sink)) {
  run_.set_decision_observer(this);
}

Result<ExplainedPod> DecisionLog::ask(const Ref<const api::Pod>& pod) {
  auto explanation = run_.scheduler().explain_pod(pod);
  if (!explanation.ok()) return explanation.status();
  ExplainedPod out;
  out.pod = api::key_of(*pod);
  out.seconds = seconds(run_.env().now() - run_.start_time());
  out.scheduler = pod->spec->scheduler_name.str();
  out.priority = pod->spec->priority.value_or(0);
  out.placed_on = pod->node_name.str();
  out.explanation = std::move(*explanation);
  return out;
}

void DecisionLog::before_decision(const scheduler::QueuedPod& queued) {
  next_.reset();
  if (seen_.size() < kSeenMax) seen_.insert(api::key_of(*queued.pod));
  if (!pods_.matches(*queued.pod, run_.store())) return;
  if (told_ == kToldMax) {
    ++left_out_;
    return;
  }
  auto asked = ask(queued.pod);
  if (!asked.ok()) return;
  next_ = std::move(*asked);
  next_->attempt = queued.attempts;
}

void DecisionLog::after_decision(const scheduler::QueuedPod& queued,
                                 const scheduler::Placement& placement) {
  if (!next_) return;
  ++told_;
  const scheduler::Explanation& e = next_->explanation;
  const bool is_placed = placement.kind == scheduler::Placement::Kind::kPlaced;
  const bool is_same =
      e.outcome == placement.kind && e.score == placement.score &&
      e.window.looked_at == placement.evaluated && e.window.feasible == placement.feasible &&
      (!is_placed || e.nodes[*e.chosen].name ==
                         run_.scheduler().cache().node(placement.node).name());
  if (!is_same) {
    run_.journal().problem(fmt::format("the explanation of pod {} differs from the decision: a bug",
                                       api::key_of(*queued.pod)));
  }
  run_.journal().event("pod", "Explained", next_->pod, headline(*next_));
  if (sink_) sink_(*next_);
  next_.reset();
}

std::vector<std::string> DecisionLog::near_names() const {
  std::vector<std::string> names(seen_.begin(), seen_.end());
  for (const api::ObjectRef& pod : run_.store().table(api::KindId::kPod).sorted()) {
    if (names.size() >= 2 * kSeenMax) break;
    names.push_back(api::key_of(*pod));
  }
  for (const api::ObjectRef& o : run_.store().table(api::KindId::kDeployment).sorted()) {
    names.push_back(fmt::format("{}/deploy/{}", o->meta.namespace_.view(), o->meta.name.view()));
  }
  return nearest_names(pods_.text(), std::move(names), 5);
}

}  // namespace orrery::sim
