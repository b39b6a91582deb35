// Turns node pools into single nodes: names, zones, racks, labels, capacity. Called once at set-up;
// the engine makes a Node object of each. Node i of a pool stands in the i-th of its zones, round
// robin.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sim/scenario/cluster_spec.h"

namespace orrery::sim {

/// What all nodes of a pool share. Quantities are texts, as in a Node's status.
struct PoolShape {
  std::map<std::string, std::string> capacity, allocatable;
  std::map<std::string, std::string> labels;  // the pool's own, GPU model, os, arch
};

struct PlannedNode {
  std::string name;
  std::size_t pool = 0;  // index into ClusterSpec::node_pools
  std::string zone, region;
  std::string rack;  // "" where the zone has none
};

PoolShape shape_of(const NodePool& pool);
/// All nodes, pool by pool, by number. The cluster has its defaults (fill_defaults).
std::vector<PlannedNode> plan_nodes(const ClusterSpec& cluster);
/// The labels of one node: its pool's and kubernetes.io/hostname, zone, region, rack.
std::map<std::string, std::string> labels_of(const PlannedNode& node, const PoolShape& shape);

}  // namespace orrery::sim
