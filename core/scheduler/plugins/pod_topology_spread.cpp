#include "core/scheduler/plugins/pod_topology_spread.h"

#include <algorithm>
#include <limits>

#include "core/base/random.h"

namespace orrery::scheduler {
namespace {

/// scoreForCount: maxSkew - 1 makes small differences between domains matter less.
double term(std::int64_t pods, double weight, std::int32_t max_skew) {
  return static_cast<double>(pods) * weight + static_cast<double>(max_skew - 1);
}

/// math.Round of a number that is not negative.
std::int64_t rounded(double x) { return static_cast<std::int64_t>(x + 0.5); }

Verdict failed(const std::string& why) { return {Code::kError, {Symbol(why)}}; }

/// n / d for 0 <= n < 2^52 and 0 < d: the double's quotient cannot reach the next integer, and
/// takes a third of the time of an integer division.
std::int64_t quotient(std::int64_t n, double d) {
  return static_cast<std::int64_t>(static_cast<double>(n) / d);
}

}  // namespace

Verdict PodTopologySpread::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  if (!memo_.may_have_hard(pod)) return {Code::kSkip};
  Ref<SpreadOfPod> spread = memo_.counting_hard(pod);
  if (!spread->hard_error.empty()) {
    return failed("get constraints from pod: obtaining pod's hard topology spread constraints: " +
                  spread->hard_error);
  }
  if (spread->hard.empty()) return {Code::kSkip};
  auto data = std::make_unique<Data>();
  data->spread = std::move(spread);
  state.put(this, std::move(data));
  return {};
}

PodTopologySpread::Fit PodTopologySpread::judge(const CycleState& state, NodeSlot slot) const {
  const Data* data = state.get<Data>(this);
  if (!data) return Fit::kFits;
  for (const SpreadConstraint& c : data->spread->hard) {
    const Domain domain = keys().domain(c.key, slot);
    if (domain == kNoDomain) return Fit::kLacksLabel;
    const Tally& tally = *c.tally;
    const bool few = static_cast<std::int64_t>(tally.domains()) < c.min_domains;
    const std::int64_t least = few ? 0 : tally.least();
    if (tally.in(domain) + c.matches_self - least > c.max_skew) return Fit::kTooSkewed;
  }
  return Fit::kFits;
}

bool PodTopologySpread::passes(const CycleState& state, const api::Pod&,
                               const NodeInfo& node) const {
  return judge(state, node.slot()) == Fit::kFits;
}

Verdict PodTopologySpread::filter(const CycleState& state, const api::Pod&,
                                  const NodeInfo& node) const {
  static const Symbol kSkewed{"node(s) didn't match pod topology spread constraints"};
  static const Symbol kLacking{
      "node(s) didn't match pod topology spread constraints (missing required label)"};
  switch (judge(state, node.slot())) {
    case Fit::kFits:
      return {};
    case Fit::kLacksLabel:
      return {Code::kUnschedulableAndUnresolvable, {kLacking}};
    case Fit::kTooSkewed:
      return {Code::kUnschedulable, {kSkewed}};
  }
  return {};
}

bool PodTopologySpread::lacks_key(const std::vector<SpreadConstraint>& constraints,
                                  NodeSlot slot) const {
  return std::any_of(constraints.begin(), constraints.end(), [&](const SpreadConstraint& c) {
    return keys().domain(c.key, slot) == kNoDomain;
  });
}

bool PodTopologySpread::lies_everywhere(const std::vector<SpreadConstraint>& constraints) const {
  return std::all_of(constraints.begin(), constraints.end(),
                     [&](const SpreadConstraint& c) { return keys().is_everywhere(c.key); });
}

/// Domains of these nodes. As upstream reads labels, a node without the label is in domain "".
std::size_t PodTopologySpread::count_domains(KeyId key, std::span<const NodeSlot> nodes) {
  const TopologyKeys& keys = this->keys();
  const Domain blank = keys.find(key, Symbol());
  const std::size_t all = keys.domain_count(key);
  const std::size_t most = all + (keys.is_everywhere(key) || blank != kNoDomain ? 0 : 1);
  if (seen_.size() <= all) seen_.resize(all + 1, 0);
  if (++seen_now_ == 0) {
    std::fill(seen_.begin(), seen_.end(), 0);
    seen_now_ = 1;
  }
  std::size_t count = 0;
  for (const NodeSlot slot : nodes) {
    Domain domain = keys.domain(key, slot);
    if (domain == kNoDomain) domain = blank;
    const std::size_t at = domain == kNoDomain ? all : static_cast<std::size_t>(domain);
    if (seen_[at] == seen_now_) continue;
    seen_[at] = seen_now_;
    if (++count == most) break;
  }
  return count;
}

bool PodTopologySpread::may_score(const CycleState&, const api::Pod& pod) const {
  if (!memo_.may_have_soft(pod)) return false;
  const Ref<SpreadOfPod> spread = memo_.of(pod);
  return !spread->soft.empty() || !spread->soft_error.empty();
}

Verdict PodTopologySpread::pre_score(CycleState& state, const api::Pod& pod,
                                     std::span<const NodeSlot> feasible) {
  if (!memo_.may_have_soft(pod)) return {Code::kSkip};
  Ref<SpreadOfPod> spread = memo_.counting_soft(pod);
  if (!spread->soft_error.empty()) {
    return failed("calculating preScoreState: obtaining pod's soft topology spread constraints: " +
                  spread->soft_error);
  }
  if (spread->soft.empty()) return {Code::kSkip};
  auto data = std::make_unique<Data>();
  std::span<const NodeSlot> scored = feasible;
  if (spread->needs_all_keys && !lies_everywhere(spread->soft)) {
    data->leaves_out_nodes = true;
    scored_.clear();
    std::copy_if(feasible.begin(), feasible.end(), std::back_inserter(scored_),
                 [&](NodeSlot slot) { return !lacks_key(spread->soft, slot); });
    scored = scored_;
  }
  for (const SpreadConstraint& c : spread->soft) {
    const std::size_t size = c.is_hostname ? scored.size() : count_domains(c.key, scored);
    data->weights.push_back(exact_log(static_cast<double>(size + 2)));
  }
  data->spread = std::move(spread);
  state.put(this, std::move(data));
  return {};
}

std::int64_t PodTopologySpread::score(const CycleState& state, const api::Pod&,
                                      const NodeInfo& node) const {
  const Data& data = *state.get<Data>(this);
  const std::vector<SpreadConstraint>& soft = data.spread->soft;
  if (data.leaves_out_nodes && lacks_key(soft, node.slot())) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < soft.size(); ++i) {
    const SpreadConstraint& c = soft[i];
    const Domain domain = keys().domain(c.key, node.slot());
    if (domain == kNoDomain) continue;
    const std::int64_t pods =
        c.is_hostname ? c.query->counts.get(node.slot()) : c.tally->in(domain);
    sum += term(pods, data.weights[i], c.max_skew);
  }
  return rounded(sum);
}

void PodTopologySpread::add_node_counts(const SpreadConstraint& c, double weight,
                                        std::span<const NodeSlot> nodes) const {
  const SlotCounts& counts = c.query->counts;
  const bool everywhere = keys().is_everywhere(c.key);
  const double none = term(0, weight, c.max_skew);
  // Most nodes have no pod that counts; a bit a node answers that without a search. Not where
  // setting the bits would cost more than it saves.
  const bool marks = counts.bytes() <= nodes.size() * sizeof(std::int64_t);
  if (marks) mark(counts, true);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const NodeSlot slot = nodes[i];
    if (!everywhere && keys().domain(c.key, slot) == kNoDomain) continue;
    const auto at = static_cast<std::size_t>(slot);
    if (marks && !(marks_[at / 64] >> at % 64 & 1)) {
      sums_[i] += none;
    } else {
      sums_[i] += term(counts.get(slot), weight, c.max_skew);
    }
  }
  if (marks) mark(counts, false);
}

/// Sets or takes away the bits of the nodes with pods.
void PodTopologySpread::mark(const SlotCounts& counts, bool set) const {
  const std::size_t words = cache_.table().slots() / 64 + 1;
  if (marks_.size() < words) marks_.resize(words, 0);
  counts.for_each([&](NodeSlot slot, std::int32_t) {
    const auto at = static_cast<std::size_t>(slot);
    const std::uint64_t bit = std::uint64_t{1} << at % 64;
    marks_[at / 64] = set ? marks_[at / 64] | bit : marks_[at / 64] & ~bit;
  });
}

void PodTopologySpread::add_domain_counts(const SpreadConstraint& c, double weight,
                                          std::span<const NodeSlot> nodes) const {
  const TopologyKeys& keys = this->keys();
  const std::size_t domains = keys.domain_count(c.key);
  if (domains > nodes.size()) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Domain domain = keys.domain(c.key, nodes[i]);
      if (domain != kNoDomain) sums_[i] += term(c.tally->in(domain), weight, c.max_skew);
    }
    return;
  }
  terms_.assign(domains + 1, 0);
  for (std::size_t d = 0; d < domains; ++d) {
    terms_[d + 1] = term(c.tally->in(static_cast<Domain>(d)), weight, c.max_skew);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    sums_[i] += terms_[static_cast<std::size_t>(keys.domain(c.key, nodes[i]) + 1)];
  }
}

void PodTopologySpread::score_many(const CycleState& state, const api::Pod&, const SchedulerCache&,
                                   std::span<const NodeSlot> nodes,
                                   std::span<std::int64_t> out) const {
  const Data& data = *state.get<Data>(this);
  const std::vector<SpreadConstraint>& soft = data.spread->soft;
  sums_.assign(nodes.size(), 0);
  for (std::size_t i = 0; i < soft.size(); ++i) {
    if (soft[i].is_hostname) {
      add_node_counts(soft[i], data.weights[i], nodes);
    } else {
      add_domain_counts(soft[i], data.weights[i], nodes);
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool left_out = data.leaves_out_nodes && lacks_key(soft, nodes[i]);
    out[i] = left_out ? 0 : rounded(sums_[i]);
  }
}

void PodTopologySpread::normalize(std::span<std::int64_t> scores) const {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = 0;
  for (const std::int64_t s : scores) {
    least = std::min(least, s);
    most = std::max(most, s);
  }
  const double divisor = static_cast<double>(most);
  for (std::int64_t& s : scores) {
    s = most == 0 ? kScoreMax : quotient(kScoreMax * (most + least - s), divisor);
  }
}

void PodTopologySpread::normalize_nodes(const CycleState& state, std::span<const NodeSlot> nodes,
                                        std::span<std::int64_t> scores) const {
  const Data& data = *state.get<Data>(this);
  if (!data.leaves_out_nodes) return normalize(scores);
  std::vector<std::int64_t> kept;
  const auto is_left_out = [&](std::size_t i) { return lacks_key(data.spread->soft, nodes[i]); };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!is_left_out(i)) kept.push_back(scores[i]);
  }
  normalize(kept);
  auto next = kept.begin();
  for (std::size_t i = 0; i < nodes.size(); ++i) scores[i] = is_left_out(i) ? 0 : *next++;
}

}  // namespace orrery::scheduler
