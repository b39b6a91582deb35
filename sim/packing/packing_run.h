// One packing run: nodes in an order drawn from the seed, pods that arrive in such an order and
// never leave, one Score policy; how much of the GPUs is allocated and how fragmented the rest is.
// Drives the scheduler's Placer and cache directly: no API server, no queue, no virtual time. The
// recipe is that of the FGD artifact (USENIX ATC 2023).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/scheduler/profile.h"
#include "sim/packing/packing_input.h"

namespace orrery::sim {

/// Names of the policies, in the order of the published tables: Random, DotProd, GpuClustering,
/// GpuPacking, BestFit, FGD.
std::vector<std::string> packing_policies();
/// The profile of a policy of that list: NodeResourcesFit, NodeAffinity and GpuDevice filter, the
/// policy alone scores, all nodes are looked at.
Result<scheduler::Profile> packing_profile(std::string_view policy, const PackingInput& input,
                                           scheduler::TieBreak tie_break);

struct PackingOptions {
  std::string policy = "FGD";
  std::uint64_t seed = 42;
  double demand = 1.3;  // GPU demand of all arrivals / GPU capacity
  scheduler::TieBreak tie_break = scheduler::TieBreak::kLowestName;
  bool fast_path = true;  // false: every plugin on every node, for comparison
};

/// The state when the arrived GPU demand first reached so much of the capacity. Shares are 0..1.
struct PackingPoint {
  double arrived = 0;         // the demand, of the capacity: 0.4, 0.6, ...
  double gpu_allocated = 0;   // of the GPU capacity
  double fragments = 0;       // of the GPU capacity
  double fragment_ratio = 0;  // of the idle GPUs; 0 if none is idle
};

struct PackingResult {
  std::string policy;
  std::uint64_t seed = 0;
  std::int64_t pods = 0;  // arrived
  std::int64_t unscheduled = 0;
  double gpu_allocated = 0;  // of the capacity
  double cpu_allocated = 0;
  double memory_allocated = 0;
  std::vector<PackingPoint> points;  // ascending; the last is the end of the run
  double wall_seconds = 0;           // set by who calls: sim reads no clock
};

/// Told the number of pods so far and in all.
using PackingProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Fails on an unknown policy.
Result<PackingResult> run_packing(const PackingInput& input, const PackingOptions& options,
                                  const PackingProgress& progress = {});

}  // namespace orrery::sim
