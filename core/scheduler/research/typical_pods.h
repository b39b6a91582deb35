// Typical pods: the shapes that stand for a workload when the fragmentation of its GPUs is measured
// (FGD, USENIX ATC 2023): the most frequent ones that together cover most pods. Called by who makes
// the arguments of FGDScore, and by that plugin itself if it was given none.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/symbol.h"

namespace orrery::scheduler {

/// What counts as alike: all but the memory.
struct PodShape {
  std::int64_t cpu_milli = 0;
  std::int32_t gpu_milli = 0;  // of each device
  std::int32_t gpus = 0;       // devices; 0 = none
  std::vector<Symbol> models;  // allowed device models; empty: any
  bool operator==(const PodShape&) const = default;
};

struct TypicalPod {
  PodShape shape;
  std::int64_t count = 1;  // pods of this shape: its weight
  bool operator==(const TypicalPod&) const = default;
};

/// Share of the pods that the published runs cover.
inline constexpr std::int64_t kTypicalPodsPercent = 95;

/// The distinct shapes, most frequent first, until they cover `percent` of the pods. Of equally
/// frequent shapes the larger comes first (CPU, then GPU milli, GPUs, models as text).
std::vector<TypicalPod> typical_pods(std::span<const PodShape> pods,
                                     std::int64_t percent = kTypicalPodsPercent);

}  // namespace orrery::scheduler
