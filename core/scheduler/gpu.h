// Whole and fractional GPUs: what a pod asks for, what a node's devices have left, and the one rule
// by which devices are chosen (the tightest fit). The GpuDevice plugin asks, the cache keeps the
// account.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/pod.h"
#include "core/base/symbol.h"

namespace orrery::scheduler {

/// One device has this many milli GPU.
inline constexpr std::int32_t kGpuMilli = 1000;
/// A node has at most this many devices; more are not used.
inline constexpr std::size_t kGpuDevicesMax = 64;

/// Extended resource for whole devices, and what a node counts its devices by.
inline constexpr std::string_view kGpuResource = "nvidia.com/gpu";
/// Annotation or container request: milli GPU per device (annotation), or in all (request).
inline constexpr std::string_view kGpuMilliKey = "orrery.dev/gpu-milli";
/// Annotation: number of devices, each with gpu-milli free; 1 if absent.
inline constexpr std::string_view kGpuCountKey = "orrery.dev/gpu-count";
/// Annotation: allowed models, separated by '|'. Absent: any.
inline constexpr std::string_view kGpuSpecKey = "orrery.dev/gpu-spec";
/// Node label: the model of its devices.
inline constexpr std::string_view kGpuModelLabel = "orrery.dev/gpu-model";
/// Annotation on a scheduled pod: the indices of its devices, "0,3".
inline constexpr std::string_view kGpuDevicesKey = "orrery.dev/gpu-devices";

using DeviceMask = std::uint64_t;

struct GpuDemand {
  std::int32_t count = 0;  // devices; 0 = the pod asks for no GPU
  std::int32_t milli = 0;  // of each
  bool invalid = false;    // an annotation or request that no device can serve
  std::vector<Symbol> models;
  bool asks() const { return count > 0 || invalid; }
};

/// What the pod asks for: its annotations first, else its containers' requests.
GpuDemand gpu_demand(const api::Pod& pod);
/// Devices written in the pod's gpu-devices annotation; 0 = none.
DeviceMask recorded_devices(const api::Pod& pod);
/// "0,3" for bits 0 and 3.
std::string format_devices(DeviceMask devices);

/// The devices of one node.
struct GpuNode {
  struct Share {
    std::uint32_t pod = 0;  // record number of the pod in the cache
    std::int32_t milli = 0;
    DeviceMask devices = 0;
  };
  std::vector<std::int32_t> free_milli;  // by device; negative if overcommitted from outside
  std::vector<Share> shares;

  /// Makes `count` devices, keeping the shares.
  void resize(std::size_t count);
  void take(const Share& share);
  /// Gives back what this pod holds.
  void release(std::uint32_t pod);
};

/// The devices for this demand, 0 if it does not fit: one device with the least free capacity that
/// suffices (lowest index of equals); several devices must be free entirely.
DeviceMask choose_devices(const GpuNode& node, const GpuDemand& demand);
/// As choose_devices, but a demand that does not fit gets the devices with most room.
DeviceMask force_devices(const GpuNode& node, const GpuDemand& demand);

}  // namespace orrery::scheduler
