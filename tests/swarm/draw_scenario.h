// draw_scenario: a seed -> a random cluster with random workloads and faults, as a Scenario that
// Simulation runs. The first half is trouble; at half time every fault has ended and every node
// takes pods again; the second half is quiet. Everything fits when all nodes are up, whatever was
// drawn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace orrery::swarm {

struct DrawnWorkload {
  enum class Kind : std::uint8_t { kDeployment, kStatefulSet, kDaemonSet, kJob };
  Kind kind = Kind::kDeployment;
  std::string name;
  std::int64_t replicas = 1;      // Jobs: completions
  std::int64_t replicas_max = 1;  // scale actions stay within
  bool has_service = false;
  bool is_deleted = false;  // by an action: nothing of it may be left at the end
};

/// When a node loses power: its pods' addresses in the API are stale from then on.
struct DrawnCrash {
  std::string node;
  Duration at{};
};

struct Drawing {
  std::uint64_t seed = 0;
  sim::Scenario scenario;
  std::vector<DrawnWorkload> workloads;
  std::vector<DrawnCrash> crashes;
  Duration healed_at{};
  std::string manifest_text;  // draw_scenario's caller writes it to manifest_file
  std::string manifest_file;
};

/// `folder` is where the manifest file is to be.
Drawing draw_scenario(std::uint64_t seed, const std::string& folder);

/// One line for people: nodes, workloads, faults.
std::string describe(const Drawing& drawing);

}  // namespace orrery::swarm
