// The cluster part of a scenario: zones, racks, node pools and generated workloads, as plain data
// with their defaults. Filled by the scenario reader; node_plan.h turns pools into single nodes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace orrery::sim {

/// CPU in thousandths of a core: "500m" is 500, "2" is 2000.
struct CpuMilli {
  std::int64_t milli = 0;
  bool operator==(const CpuMilli&) const = default;
};

/// Memory or disk in bytes: "128Mi", "32Gi", "1G".
struct Bytes {
  std::int64_t bytes = 0;
  bool operator==(const Bytes&) const = default;
};

inline constexpr std::int64_t kMiB = 1 << 20;
inline constexpr std::int64_t kGiB = 1 << 30;

struct Zone {
  std::string name;
  std::string region;  // default: the first region
  std::int64_t racks = 0;
};

enum class TaintEffect : std::uint8_t { kNoSchedule, kPreferNoSchedule, kNoExecute };

struct TaintSpec {
  std::string key, value;
  TaintEffect effect = TaintEffect::kNoSchedule;
};

struct GpuSpec {
  std::int64_t count = 0;
  std::string model;
  Bytes memory{16 * kGiB};  // of one device
  std::string resource = "nvidia.com/gpu";
  bool sharing = false;  // fractions of a device (thousandths) may be asked for
};

/// What the machine keeps for itself: allocatable = capacity - reserved.
struct ReservedSpec {
  CpuMilli cpu;
  Bytes memory, ephemeral_storage;
};

struct NodePool {
  std::string name;
  std::int64_t count = 0;
  CpuMilli cpu{4000};
  Bytes memory{16 * kGiB};
  std::int64_t pods = 110;  // the kubelet's --max-pods
  Bytes ephemeral_storage{100 * kGiB};
  GpuSpec gpu;
  std::map<std::string, std::int64_t> resources;  // extended resources, whole numbers
  std::map<std::string, std::string> labels;
  std::vector<TaintSpec> taints;
  std::vector<std::string> zones;  // default: all zones of the cluster
  ReservedSpec reserved;
  std::vector<std::string> images;  // on the node from the start: no pull
};

struct ClusterSpec {
  std::vector<std::string> regions{"region-1"};
  std::vector<Zone> zones;  // default: one zone, zone-a
  std::vector<NodePool> node_pools;
};

/// Generated Deployments: `count` of them, with `replicas` pods each.
struct Workload {
  std::string name;
  std::int64_t count = 1;
  std::int64_t replicas = 1;
  std::string name_space = "default";
  std::int64_t namespace_count = 1;
  std::string image = "orrery/pause:1";
  CpuMilli cpu{100};
  Bytes memory{128 * kMiB};
  std::optional<CpuMilli> cpu_limit;
  std::optional<Bytes> memory_limit;
  std::int64_t gpus = 0;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> node_selector;
  std::string priority_class;
  bool service = false;
  Duration at{};  // when they are applied
};

}  // namespace orrery::sim
