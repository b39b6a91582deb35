#include "core/scheduler/plugins/balanced_allocation.h"

#include <array>
#include <cmath>

#include "core/scheduler/cache.h"
#include "core/scheduler/plugins/requests_data.h"

namespace orrery::scheduler {

BalancedAllocation::BalancedAllocation(const BalancedAllocationArgs& args, SchedulerCache& cache)
    : cache_(cache), resources_(resolve(args.resources, cache.resource_names())) {}

bool BalancedAllocation::sign(const api::Pod& pod, Signature& signature) {
  sign_requests(*cache_.requests_of(pod), signature);
  return true;
}

Verdict BalancedAllocation::pre_score(CycleState& state, const api::Pod& pod,
                                      std::span<const NodeSlot>) {
  Ref<const PodRequests> requests = cache_.requests_of(pod);
  bool asks = false;
  for (const ScoredResource& r : resources_) asks = asks || requests->of(r.index) != 0;
  if (!asks) return {Code::kSkip};
  state.put(this, std::make_unique<RequestsData>(std::move(requests)));
  return {};
}

std::int64_t BalancedAllocation::score(const CycleState& state, const api::Pod&,
                                       const NodeInfo& node) const {
  const PodRequests& requests = *state.get<RequestsData>(this)->requests;
  std::array<std::int64_t, kScoredResourcesMax> before{};
  std::array<std::int64_t, kScoredResourcesMax> after{};
  std::array<std::int64_t, kScoredResourcesMax> allocatable{};
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    const ResourceIndex r = resources_[i].index;
    const std::int64_t own = requests.of(r);
    if (own == 0 && r >= kBaseResources) continue;
    allocatable[i] = node.allocatable(r);
    before[i] = node.requested(r);
    after[i] = before[i] + own;
  }
  const std::size_t n = resources_.size();
  const std::span<const std::int64_t> all{allocatable.data(), n};
  const std::int64_t gain = balance({after.data(), n}, all) - balance({before.data(), n}, all);
  return (150 + gain) >> 1;  // 75 + gain/2, rounded down
}

std::int64_t balance(std::span<const std::int64_t> requested,
                     std::span<const std::int64_t> allocatable) {
  std::array<double, kScoredResourcesMax> fractions{};
  std::size_t n = 0;
  double sum = 0;
  for (std::size_t i = 0; i < requested.size(); ++i) {
    if (allocatable[i] == 0) continue;
    double f = static_cast<double>(requested[i]) / static_cast<double>(allocatable[i]);
    if (f > 1) f = 1;
    fractions[n++] = f;
    sum += f;
  }
  double deviation = 0;
  if (n == 2) {
    deviation = std::fabs((fractions[0] - fractions[1]) / 2);
  } else if (n > 2) {
    const double mean = sum / static_cast<double>(n);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      squares += (fractions[i] - mean) * (fractions[i] - mean);
    }
    deviation = std::sqrt(squares / static_cast<double>(n));  // IEEE: the same bits everywhere
  }
  return static_cast<std::int64_t>((1 - deviation) * 100);
}

}  // namespace orrery::scheduler
