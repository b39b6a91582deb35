// The preempt call of scheduler extenders (upstream's callExtenders and ProcessPreemption).
#include <algorithm>
#include <map>

#include "core/scheduler/extender.h"
#include "core/scheduler/extender_codec.h"
#include "core/scheduler/preemption/victims.h"

namespace orrery::scheduler {
namespace {

/// The victims that the extender names, as pods of that node.
Result<Candidate> candidate_of(const SchedulerCache& cache, const ExtenderConfig& extender,
                               const std::string& node, const MetaVictims& victims) {
  Candidate out;
  out.node = cache.find_node(Symbol(node));
  if (out.node == kNoNode) return not_found("nodes", node);
  out.pdb_violations = victims.pdb_violations;
  for (const std::string& uid : victims.uids) {
    const std::uint32_t number = cache.pods().find(Uid::parse(uid));
    if (number == PodRecords::kNone || cache.pods()[number].node != out.node) {
      return internal_error("extender: " + extender.url_prefix + " claims to preempt pod (UID: " +
                            uid + ") on node: " + node +
                            ", but the pod is not found on that node");
    }
    out.victims.push_back(number);
  }
  return out;
}

}  // namespace

Status ExtenderChain::preempt(const api::Pod& pod, std::vector<Candidate>& candidates) const {
  for (const ExtenderConfig& extender : configs_) {
    if (candidates.empty()) break;
    const bool is_asked = !extender.preempt_verb.empty() && is_interested(extender, pod);
    if (!is_asked) continue;
    const Status status = preempt_by(extender, pod, candidates);
    if (status.ok()) continue;
    if (!extender.ignorable) return status;
    ignored(extender, "preempt", status);
  }
  return {};
}

Status ExtenderChain::preempt_by(const ExtenderConfig& extender, const api::Pod& pod,
                                 std::vector<Candidate>& candidates) const {
  std::vector<ExtenderVictims> asked;
  std::map<NodeSlot, std::size_t> places;
  for (const Candidate& candidate : candidates) {
    places.emplace(candidate.node, asked.size());
    ExtenderVictims& victims = asked.emplace_back();
    victims.node = cache_.node(candidate.node).name().str();
    victims.pdb_violations = candidate.pdb_violations;
    for (const std::uint32_t number : candidate.victims) {
      victims.pods.push_back(cache_.pods()[number].pod.get());
    }
  }
  auto body = call(extender, extender.preempt_verb,
                   encode_preemption_args(kinds_, pod, asked, extender.node_cache_capable));
  if (!body.ok()) return body.status();
  auto answer = decode_preemption_result(*body);
  if (!answer.ok()) return answer.status();
  std::vector<Candidate> left;
  for (const auto& [node, victims] : *answer) {
    auto candidate = candidate_of(cache_, extender, node, victims);
    if (!candidate.ok()) return candidate.status();
    if (candidate->victims.empty()) {
      if (extender.ignorable) continue;
      return internal_error("expected at least one victim pod on node \"" + node + "\"");
    }
    summarise(cache_.pods(), *candidate);
    left.push_back(std::move(*candidate));
  }
  // Candidates keep the order in which they were tried; ties between them go by it.
  const auto place = [&](const Candidate& c) {
    const auto it = places.find(c.node);
    return it == places.end() ? places.size() : it->second;
  };
  std::stable_sort(left.begin(), left.end(), [&](const Candidate& a, const Candidate& b) {
    return place(a) < place(b);
  });
  candidates = std::move(left);
  return {};
}

}  // namespace orrery::scheduler
