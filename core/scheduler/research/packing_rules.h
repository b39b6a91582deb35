// Rules that score a node for packing GPUs from the pod's requests and the node's room alone: the
// baselines of the FGD paper (USENIX ATC 2023), with the numbers of its published runs. Pure
// functions; PackingScore makes plugins of them.
#pragma once

#include <cstdint>

#include "core/scheduler/node_info.h"

namespace orrery::scheduler {

/// Greatest node of the published cluster: the unit of CPU and GPU in BestFit and DotProduct.
inline constexpr std::int64_t kMaxSpecCpu = 128'000;  // milli
inline constexpr std::int64_t kMaxSpecGpu = 8'000;    // milli

/// 100 less half of what stays free of CPU and of GPU, in percent of the greatest node. To be
/// normalised by stretch().
std::int64_t best_fit(const PodRequests& pod, const NodeInfo& node);
/// 100 less the mean over CPU and GPU of request x free, in units of the greatest node (Tetris).
std::int64_t dot_product(const PodRequests& pod, const NodeInfo& node);
/// Nodes that hold only pods with the same GPU demand first, then those that hold such pods too,
/// then nodes without GPU pods, then others; among each the fuller. 0 for pods without GPUs.
std::int64_t gpu_clustering(const PodRequests& pod, const NodeInfo& node);
/// Devices in use first, then free devices of nodes in use, then free nodes. 0 without GPUs.
std::int64_t gpu_packing(const PodRequests& pod, const NodeInfo& node);

/// Idle milli GPU of all devices.
std::int64_t free_gpu_milli(const NodeInfo& node);

}  // namespace orrery::scheduler
