// PodUsage: what the containers of a simulated cluster use of CPU and memory at an instant, for
// metrics.k8s.io: what the scenario's `usage` says, else a share of what they request. A function
// of the scenario, the pod and the minute alone: asking changes nothing and draws nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

struct Usage {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
  void add(const Usage& o) {
    cpu_milli += o.cpu_milli;
    memory_bytes += o.memory_bytes;
  }
};

class PodUsage {
 public:
  explicit PodUsage(const Scenario& scenario) : behaviours_(scenario.models.behaviours) {}

  struct OfContainer {
    Symbol name;
    Usage usage;
  };
  /// Of the containers that run now.
  std::vector<OfContainer> of(const api::Pod& pod, Time now) const;
  /// What a node uses besides its pods.
  static Usage of_system(const api::Node& node);

 private:
  Usage of_container(const api::Pod& pod, const api::Container& container, Time now) const;
  std::vector<Behaviour> behaviours_;
};

}  // namespace orrery::sim
