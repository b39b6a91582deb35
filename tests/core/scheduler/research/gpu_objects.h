// Nodes and pods with GPUs, written short.
#pragma once

#include <string>

#include "core/scheduler/gpu.h"
#include "tests/core/scheduler/builders.h"

namespace orrery::scheduler::test {

/// A node with so many whole cores and devices.
inline Ref<api::Node> gpu_node(const std::string& name, int cores, int devices,
                               const std::string& model = "T4") {
  Resources allocatable{{"cpu", std::to_string(cores)}, {"memory", "512Gi"}, {"pods", "500"}};
  if (devices > 0) allocatable.push_back({"nvidia.com/gpu", std::to_string(devices)});
  Ref<api::Node> node = make_node(name, allocatable);
  set_label(node, std::string(kGpuModelLabel), model);
  return node;
}

/// A share of one device (milli < 1000), whole devices (1000, 2000, ...), or none (0).
inline Ref<api::Pod> gpu_pod(const std::string& name, int cpu_milli, int gpu_milli) {
  Resources requests{{"cpu", std::to_string(cpu_milli) + "m"}, {"memory", "1Gi"}};
  if (gpu_milli >= kGpuMilli) {
    requests.push_back({std::string(kGpuResource), std::to_string(gpu_milli / kGpuMilli)});
  } else if (gpu_milli > 0) {
    requests.push_back({std::string(kGpuMilliKey), std::to_string(gpu_milli)});
  }
  return make_pod(name, requests);
}

}  // namespace orrery::scheduler::test
