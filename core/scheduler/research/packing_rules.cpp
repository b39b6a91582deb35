#include "core/scheduler/research/packing_rules.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/scheduler/plugin.h"

namespace orrery::scheduler {
namespace {

std::int64_t free_cpu(const NodeInfo& node) {
  return node.allocatable(kCpu) - node.requested(kCpu);
}

std::int64_t gpu_milli(const PodRequests& pod) {
  return static_cast<std::int64_t>(pod.gpu.count) * pod.gpu.milli;
}

/// Pods with the same number cluster: 0 for a share of one device, else the number of devices.
int cluster_of(int count, std::int32_t milli) { return milli < kGpuMilli ? 0 : count; }

}  // namespace

std::int64_t free_gpu_milli(const NodeInfo& node) {
  std::int64_t sum = 0;
  if (node.gpu()) {
    for (const std::int32_t f : node.gpu()->free_milli) sum += f;
  }
  return sum;
}

std::int64_t best_fit(const PodRequests& pod, const NodeInfo& node) {
  const std::int64_t cpu = free_cpu(node) - pod.nonzero_cpu;
  const std::int64_t gpu = free_gpu_milli(node) - gpu_milli(pod);
  // 100 * (1 - (cpu / kMaxSpecCpu + gpu / kMaxSpecGpu) / 2) over the common denominator.
  constexpr std::int64_t kWhole = 2 * kMaxSpecCpu;
  return kScoreMax * (kWhole - cpu - gpu * (kMaxSpecCpu / kMaxSpecGpu)) / kWhole;
}

std::int64_t dot_product(const PodRequests& pod, const NodeInfo& node) {
  // request x free: at most 2^17 x 2^17 for CPU, so the sum over the common denominator is exact.
  constexpr std::int64_t kRatio = kMaxSpecCpu / kMaxSpecGpu;
  constexpr std::int64_t kWhole = 2 * kMaxSpecCpu * kMaxSpecCpu;
  const std::int64_t product =
      pod.nonzero_cpu * free_cpu(node) + gpu_milli(pod) * free_gpu_milli(node) * kRatio * kRatio;
  return std::clamp<std::int64_t>(kScoreMax * (kWhole - product) / kWhole, 0, kScoreMax);
}

std::int64_t gpu_clustering(const PodRequests& pod, const NodeInfo& node) {
  if (!pod.gpu.asks() || !node.gpu()) return 0;
  const int own = cluster_of(pod.gpu.count, pod.gpu.milli);
  bool same = false;
  bool other = false;
  for (const GpuNode::Share& share : node.gpu()->shares) {
    (cluster_of(std::popcount(share.devices), share.milli) == own ? same : other) = true;
  }
  constexpr std::int64_t kQuarter = kScoreMax / 4;
  const std::int64_t tier = same ? (other ? 2 : 3) : other ? 0 : 1;
  return kQuarter * (kMaxSpecGpu - free_gpu_milli(node)) / kMaxSpecGpu + tier * kQuarter;
}

std::int64_t gpu_packing(const PodRequests& pod, const NodeInfo& node) {
  if (!pod.gpu.asks() || !node.gpu()) return 0;
  std::array<std::int32_t, kGpuDevicesMax> fitting;
  std::size_t n = 0;
  std::int64_t idle = 0;
  for (const std::int32_t f : node.gpu()->free_milli) {
    idle += f == kGpuMilli;
    if (f >= pod.gpu.milli) fitting[n++] = f;
  }
  if (idle == static_cast<std::int64_t>(node.gpu()->free_milli.size())) {
    return std::max(kScoreMax / 3 - idle, idle);
  }
  const auto wanted = std::min(n, static_cast<std::size_t>(pod.gpu.count));
  std::partial_sort(fitting.begin(), fitting.begin() + static_cast<std::ptrdiff_t>(wanted),
                    fitting.begin() + static_cast<std::ptrdiff_t>(n));
  std::int64_t opened = 0;
  std::int64_t percent_free = 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    opened += fitting[i] == kGpuMilli;
    percent_free += fitting[i] * 100 / kGpuMilli;
  }
  if (opened > 0) return std::max(kScoreMax / 2 - opened, kScoreMax / 3);
  return std::max(kScoreMax - percent_free / 10, kScoreMax / 2);
}

}  // namespace orrery::scheduler
