#include "core/scheduler/research/packing_score.h"

#include <algorithm>
#include <array>

#include "core/scheduler/cache.h"
#include "core/scheduler/plugins/requests_data.h"

namespace orrery::scheduler {

void sign_gpu_requests(const PodRequests& requests, Signature& signature) {
  sign_requests(requests, signature);
  signature.add(requests.gpu.invalid ? -1 : requests.gpu.count);
  signature.add(requests.gpu.milli);
}

bool PackingScore::sign(const api::Pod& pod, Signature& signature) {
  sign_gpu_requests(*cache_.requests_of(pod), signature);
  return true;
}

Verdict PackingScore::pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot>) {
  state.put(this, std::make_unique<RequestsData>(cache_.requests_of(pod)));
  return {};
}

std::int64_t PackingScore::score(const CycleState& state, const api::Pod& pod,
                                 const NodeInfo& node) const {
  const auto* data = state.get<RequestsData>(this);  // null: enabled at Score, not at PreScore
  return rule_(data ? *data->requests : *cache_.requests_of(pod), node);
}

void PackingScore::normalize(std::span<std::int64_t> scores) const {
  if (stretches_) stretch(scores);
}

void stretch(std::span<std::int64_t> scores) {
  if (scores.empty()) return;
  std::int64_t low = scores[0];
  std::int64_t high = scores[0];
  for (const std::int64_t s : scores) {
    low = std::min(low, s);
    high = std::max(high, s);
  }
  const std::int64_t range = high - low;
  // A table instead of a division for each node: raw scores are mostly within 0..100.
  std::array<std::int64_t, 256> stretched;
  if (range == 0) {
    std::fill(scores.begin(), scores.end(), 0);
  } else if (range < static_cast<std::int64_t>(stretched.size())) {
    for (std::int64_t i = 0; i <= range; ++i) {
      stretched[static_cast<std::size_t>(i)] = i * kScoreMax / range;
    }
    for (std::int64_t& s : scores) s = stretched[static_cast<std::size_t>(s - low)];
  } else {
    for (std::int64_t& s : scores) s = (s - low) * kScoreMax / range;
  }
}

}  // namespace orrery::scheduler
