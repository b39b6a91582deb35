#include "core/scheduler/plugins/inter_pod_affinity.h"

#include <algorithm>

namespace orrery::scheduler {

struct InterPodAffinity::Data final : CycleData {
  std::shared_ptr<const OwnTerms> own;  // null: none
  bool matches_itself = false;          // all of its required affinity terms
  // Found again when a trial adds or removes the last pod with some term.
  mutable std::shared_ptr<const CarriedMatches> existing;

  const CarriedMatches& current(AffinityTerms& terms, const SchedulerCache& cache,
                                const api::Pod& pod) const {
    if (existing->version != cache.carried_terms().version()) existing = terms.matches(pod);
    return *existing;
  }
};

Verdict InterPodAffinity::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  auto existing = terms_.matches(pod);
  auto own = terms_.own(pod);
  if (!own || !own->is_filtering()) {
    const auto& anti = existing->required_anti;
    if (std::none_of(anti.begin(), anti.end(), [](const Tally* t) { return t->total() > 0; })) {
      return {Code::kSkip};
    }
  }
  auto data = std::make_unique<Data>();
  if (own && !own->required.empty()) {
    data->matches_itself = own->all_required.matches(pod.meta.namespace_, nullptr,
                                                     *pod.meta.labels, false);
  }
  data->own = std::move(own);
  data->existing = std::move(existing);
  state.put(this, std::move(data));
  return {};
}

bool InterPodAffinity::satisfies_affinity(const Data& data, NodeSlot slot) const {
  const auto& required = data.own->required;
  const TopologyKeys& keys = cache_.topology_keys();
  bool pods_exist = true;
  for (const PodGroups::TallyRef& tally : required) {
    const Domain domain = keys.domain(tally->key(), slot);
    if (domain == kNoDomain) return false;
    if (tally->in(domain) <= 0) pods_exist = false;
  }
  if (pods_exist) return true;
  // The first pod of a group whose pods want to be together may go anywhere.
  return data.matches_itself &&
         std::all_of(required.begin(), required.end(),
                     [](const PodGroups::TallyRef& tally) { return tally->total() == 0; });
}

Verdict InterPodAffinity::filter(const CycleState& state, const api::Pod& pod,
                                 const NodeInfo& node) const {
  static const Symbol kAffinity{"node(s) didn't match pod affinity rules"};
  static const Symbol kAntiAffinity{"node(s) didn't match pod anti-affinity rules"};
  static const Symbol kExisting{"node(s) didn't satisfy existing pods anti-affinity rules"};
  const Data* data = state.get<Data>(this);
  if (!data) return {};
  const NodeSlot slot = node.slot();
  if (data->own) {
    if (!data->own->required.empty() && !satisfies_affinity(*data, slot)) {
      return {Code::kUnschedulableAndUnresolvable, {kAffinity}};
    }
    for (const PodGroups::TallyRef& tally : data->own->required_anti) {
      if (tally->at(slot) > 0) return {Code::kUnschedulable, {kAntiAffinity}};
    }
  }
  for (const Tally* tally : data->current(terms_, cache_, pod).required_anti) {
    if (tally->at(slot) > 0) return {Code::kUnschedulable, {kExisting}};
  }
  return {};
}

/// Whether these terms say anything of a node: else all scores would be 0.
bool InterPodAffinity::adds_to_scores(const OwnTerms* own, const CarriedMatches& existing) const {
  if (args_.ignore_preferred_terms_of_existing_pods && (!own || own->preferred.empty())) {
    return false;
  }
  const auto counts = [](const auto& term) { return term.tally->total() > 0; };
  return std::any_of(existing.scored.begin(), existing.scored.end(), counts) ||
         (own && std::any_of(own->preferred.begin(), own->preferred.end(), counts));
}

bool InterPodAffinity::may_score(const CycleState& state, const api::Pod& pod) const {
  const Data* known = state.get<Data>(this);
  const auto own = known ? known->own : terms_.own(pod);
  return adds_to_scores(own.get(), *terms_.matches(pod));
}

Verdict InterPodAffinity::pre_score(CycleState& state, const api::Pod& pod,
                                    std::span<const NodeSlot>) {
  const Data* known = state.get<Data>(this);
  auto own = known ? known->own : terms_.own(pod);
  auto existing = terms_.matches(pod);
  if (!adds_to_scores(own.get(), *existing)) return {Code::kSkip};
  if (known) {
    known->existing = std::move(existing);
    return {};
  }
  auto data = std::make_unique<Data>();
  data->own = std::move(own);
  data->existing = std::move(existing);
  state.put(this, std::move(data));
  return {};
}

std::int64_t InterPodAffinity::score(const CycleState& state, const api::Pod& pod,
                                     const NodeInfo& node) const {
  const NodeSlot slot = node.slot();
  std::int64_t sum = 0;
  score_many(state, pod, cache_, {&slot, 1}, {&sum, 1});
  return sum;
}

void InterPodAffinity::score_many(const CycleState& state, const api::Pod& pod,
                                  const SchedulerCache&, std::span<const NodeSlot> nodes,
                                  std::span<std::int64_t> out) const {
  std::fill(out.begin(), out.end(), 0);
  const Data* data = state.get<Data>(this);
  if (!data) return;
  const auto add = [&](const Tally& tally, std::int64_t weight) {
    if (tally.total() == 0) return;
    for (std::size_t i = 0; i < nodes.size(); ++i) out[i] += weight * tally.at(nodes[i]);
  };
  if (data->own) {
    for (const OwnTerms::Preferred& term : data->own->preferred) add(*term.tally, term.weight);
  }
  for (const CarriedMatches::Scored& term : data->current(terms_, cache_, pod).scored) {
    add(*term.tally, term.weight);
  }
}

void InterPodAffinity::normalize(std::span<std::int64_t> scores) const {
  if (scores.empty()) return;
  const auto [least, greatest] = std::minmax_element(scores.begin(), scores.end());
  const std::int64_t low = *least;
  const std::int64_t range = *greatest - low;
  for (std::int64_t& score : scores) {
    // Upstream's arithmetic: a quotient of doubles, then truncated.
    const double share =
        range > 0 ? static_cast<double>(score - low) / static_cast<double>(range) : 0.0;
    score = static_cast<std::int64_t>(static_cast<double>(kScoreMax) * share);
  }
}

}  // namespace orrery::scheduler
