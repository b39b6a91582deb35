#include "core/scheduler/research/random_score.h"

#include <bit>

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/scheduler/cache.h"

namespace orrery::scheduler {
namespace {

struct Drawn final : CycleData {
  explicit Drawn(NodeSlot n) : node(n) {}
  NodeSlot node;
};

/// A stream of its own for each pod and purpose.
RandomStream stream_of(std::uint64_t seed, std::string_view purpose, const api::Pod& pod) {
  return RandomStream(mix64(mix64(seed) ^ fnv1a_64(purpose)) ^ pod.meta.uid.hash());
}

}  // namespace

Verdict RandomScore::pre_score(CycleState& state, const api::Pod& pod,
                               std::span<const NodeSlot> feasible) {
  if (feasible.empty()) return {};
  RandomStream stream = stream_of(seed_, "scheduler.random_score", pod);
  state.put(this, std::make_unique<Drawn>(feasible[stream.below(feasible.size())]));
  return {};
}

std::int64_t RandomScore::score(const CycleState& state, const api::Pod&,
                                const NodeInfo& node) const {
  const Drawn* drawn = state.get<Drawn>(this);
  return drawn && drawn->node == node.slot() ? kScoreMax : 0;
}

DeviceMask RandomScore::devices_for(const api::Pod& pod, const NodeInfo& node) const {
  const Ref<const PodRequests> requests = cache_.requests_of(pod);
  const GpuDemand& demand = requests->gpu;
  if (!node.gpu() || demand.invalid || demand.count != 1 || demand.milli >= kGpuMilli) return 0;
  DeviceMask fitting = 0;
  for (std::size_t i = 0; i < node.gpu()->free_milli.size(); ++i) {
    if (node.gpu()->free_milli[i] >= demand.milli) fitting |= DeviceMask{1} << i;
  }
  if (fitting == 0) return 0;
  RandomStream stream = stream_of(seed_, "scheduler.random_device", pod);
  for (std::uint64_t left = stream.below(static_cast<std::uint64_t>(std::popcount(fitting)));
       left > 0; --left) {
    fitting &= fitting - 1;
  }
  return fitting & (~fitting + 1);
}

}  // namespace orrery::scheduler
