#include "core/scheduler/research/fgd_score.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/scheduler/cache.h"
#include "core/scheduler/research/packing_score.h"

namespace orrery::scheduler {

struct FgdScore::Data final : CycleData {
  Ref<const PodRequests> requests;
  std::uint32_t demand = 0;
};

bool FgdScore::sign(const api::Pod& pod, Signature& signature) {
  sign_gpu_requests(*cache_.requests_of(pod), signature);
  return true;
}

Verdict FgdScore::pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot>) {
  auto data = std::make_unique<Data>();
  data->requests = cache_.requests_of(pod);
  data->demand = number_of(data->requests->gpu);
  state.put(this, std::move(data));
  return {};
}

std::int64_t FgdScore::score(const CycleState& state, const api::Pod& pod,
                             const NodeInfo& node) const {
  if (const Data* data = state.get<Data>(this)) {
    return rate(*data->requests, data->demand, node, nullptr);
  }
  // Enabled at Score, but not at PreScore.
  const Ref<const PodRequests> requests = cache_.requests_of(pod);
  return rate(*requests, number_of(requests->gpu), node, nullptr);
}

DeviceMask FgdScore::devices_for(const api::Pod& pod, const NodeInfo& node) const {
  const Ref<const PodRequests> requests = cache_.requests_of(pod);
  DeviceMask devices = 0;
  if (requests->gpu.asks()) rate(*requests, number_of(requests->gpu), node, &devices);
  return devices;
}

std::uint32_t FgdScore::number_of(const GpuDemand& demand) const {
  for (std::size_t i = 0; i < demands_.size(); ++i) {
    if (demands_[i].count == demand.count && demands_[i].milli == demand.milli) {
      return static_cast<std::uint32_t>(i);
    }
  }
  demands_.push_back({demand.count, demand.milli});
  return static_cast<std::uint32_t>(demands_.size() - 1);
}

const FgdScore::NodeMemo& FgdScore::memo_of(const NodeInfo& node, std::uint32_t demand) const {
  const auto slot = static_cast<std::size_t>(node.slot());
  if (slot >= memos_.size()) memos_.resize(std::max(slot + 1, 2 * memos_.size()));
  NodeMemo& memo = memos_[slot];
  if (memo.generation != node.generation()) {
    memo.generation = node.generation();
    memo.ways.clear();
    memo.devices.clear();
    memo.tables.clear();
    memo.before.resize(fragmentation_.steps());
    static const Symbol kModelLabel{kGpuModelLabel};
    fragmentation_.tabulate(node.labels().get(kModelLabel), node.gpu()->free_milli, memo.before);
  }
  if (demand >= memo.ways.size()) memo.ways.resize(demands_.size());
  if (!memo.ways[demand].known) work_out(node, demand, memo);
  return memo;
}

void FgdScore::work_out(const NodeInfo& node, std::uint32_t number, NodeMemo& memo) const {
  static const Symbol kModelLabel{kGpuModelLabel};
  const Symbol model = node.labels().get(kModelLabel);
  const std::vector<std::int32_t>& free = node.gpu()->free_milli;
  const Demand& demand = demands_[number];
  memo.ways[number] = {true, static_cast<std::uint32_t>(memo.devices.size()), 0};
  if (demand.count == 1 && demand.milli < kGpuMilli) {
    for (std::size_t i = 0; i < free.size(); ++i) {
      // Devices with as much free leave the same node behind: the first stands for all.
      if (free[i] < demand.milli) continue;
      if (std::find(free.begin(), free.begin() + static_cast<std::ptrdiff_t>(i), free[i]) !=
          free.begin() + static_cast<std::ptrdiff_t>(i)) {
        continue;
      }
      add_way(model, free, DeviceMask{1} << i, demand.milli, memo);
    }
  } else if (const DeviceMask all = choose_devices(*node.gpu(), {demand.count, demand.milli})) {
    add_way(model, free, all, demand.milli, memo);
  } else if (demand.count == 0) {
    add_way(model, free, 0, 0, memo);
  }
  memo.ways[number].count =
      static_cast<std::uint32_t>(memo.devices.size()) - memo.ways[number].first;
}

void FgdScore::add_way(Symbol model, std::span<const std::int32_t> free, DeviceMask devices,
                       std::int32_t milli, NodeMemo& memo) const {
  std::array<std::int32_t, kGpuDevicesMax> left;
  std::copy(free.begin(), free.end(), left.begin());
  for (DeviceMask m = devices; m != 0; m &= m - 1) {
    left[static_cast<std::size_t>(std::countr_zero(m))] -= milli;
  }
  const std::size_t steps = fragmentation_.steps();
  memo.devices.push_back(devices);
  memo.tables.resize(memo.tables.size() + steps);
  fragmentation_.tabulate(model, {left.data(), free.size()},
                          {memo.tables.data() + memo.tables.size() - steps, steps});
}

std::int64_t FgdScore::rate(const PodRequests& pod, std::uint32_t demand, const NodeInfo& node,
                            DeviceMask* devices) const {
  // Without devices there are no fragments, before or after.
  if (!node.gpu()) return fragmentation_.score(0, 0);
  const NodeMemo& memo = memo_of(node, demand);
  const Ways& ways = memo.ways[demand];
  if (ways.count == 0) return 0;
  const std::int64_t cpu = node.allocatable(kCpu) - node.requested(kCpu);
  const std::size_t steps = fragmentation_.steps();
  const std::int64_t before = memo.before[fragmentation_.step_of(cpu)];
  const std::int64_t* after =
      memo.tables.data() + ways.first * steps + fragmentation_.step_of(cpu - pod.nonzero_cpu);
  std::int64_t least = after[0];
  for (std::uint32_t w = 1; w < ways.count; ++w) least = std::min(least, after[w * steps]);
  const std::int64_t best = fragmentation_.score(before, least);
  if (devices) {
    std::uint32_t w = 0;
    while (fragmentation_.score(before, after[w * steps]) != best) ++w;
    *devices = memo.devices[ways.first + w];
  }
  return best;
}

}  // namespace orrery::scheduler
