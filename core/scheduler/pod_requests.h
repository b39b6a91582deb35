// PodRequests: what one pod asks of a node, as plain numbers: resources (resourcehelper.PodRequests
// of upstream), host ports and GPUs. Computed once per PodSpec and shared by all pods of a
// template.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/api/pod.h"
#include "core/base/ref.h"
#include "core/scheduler/gpu.h"
#include "core/scheduler/resource_names.h"

namespace orrery::scheduler {

/// A container without a request counts as this much when nodes are scored (GetNonzeroRequests).
inline constexpr std::int64_t kDefaultMilliCpu = 100;
inline constexpr std::int64_t kDefaultMemory = 200 * 1024 * 1024;

struct HostPort {
  Symbol ip;  // "0.0.0.0" = all
  Symbol protocol;
  std::int32_t port = 0;
  bool operator==(const HostPort&) const = default;
};

/// True if two pods with these cannot share a node.
bool conflicts(const HostPort& a, const HostPort& b);

class PodRequests final : public RefCounted {
 public:
  std::array<std::int64_t, kBaseResources> base{};  // by kCpu, kMemory, kEphemeralStorage
  // What the pod adds to a node's NonZeroRequested: containers without a request count with
  // defaults.
  std::int64_t nonzero_cpu = 0;
  std::int64_t nonzero_memory = 0;
  // What NodeResourcesFit scores the pod with: as above, but blind to pod-level resources (1.36).
  std::int64_t scored_cpu = 0;
  std::int64_t scored_memory = 0;
  std::vector<std::pair<ResourceIndex, std::int64_t>> extended;  // by number; may be zero
  std::vector<HostPort> host_ports;
  GpuDemand gpu;
  Symbol pod_group;  // spec.schedulingGroup.podGroupName

  std::int64_t of(ResourceIndex resource) const {
    if (resource < kBaseResources) return base[resource];
    for (const auto& [index, amount] : extended) {
      if (index == resource) return amount;
    }
    return 0;
  }
  std::int64_t scored_of(ResourceIndex resource) const {
    return resource == kCpu ? scored_cpu : resource == kMemory ? scored_memory : of(resource);
  }
};

/// Containers summed, init containers at their peak, sidecars, pod-level resources, overhead; a
/// resize in progress counts at its larger side (status.containerStatuses[].resources).
PodRequests compute_requests(const api::Pod& pod, ResourceNames& names);

/// True if the pod's status holds resources that may differ from its spec.
bool has_status_resources(const api::Pod& pod);

/// Remembers requests by the identity of the PodSpec, which it keeps alive while remembered.
class RequestsMemo {
 public:
  explicit RequestsMemo(ResourceNames& names) : names_(names) {}
  Ref<const PodRequests> of(const api::Pod& pod);
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    api::Shared<api::PodSpec> spec;
    Ref<const PodRequests> requests;
  };
  static constexpr std::size_t kUnusedMax = 4096;  // forgotten when there are more entries
  void forget_unused();

  ResourceNames& names_;
  std::unordered_map<const void*, Entry> entries_;  // lookup only
  std::vector<const void*> known_;                  // keys of entries_, oldest first
  std::size_t limit_ = kUnusedMax;
};

}  // namespace orrery::scheduler
