// Node objects of a simulated cluster, from a scenario's pools or a trace's node list: capacity,
// labels, taints, addresses, podCIDR. Node number i of the cluster has addresses of its own.
#pragma once

#include <string>
#include <vector>

#include "core/api/node.h"
#include "core/base/result.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/trace_import.h"

namespace orrery::sim {

struct NodePlan {
  Ref<const api::Node> node;
  std::vector<std::string> images;  // on the node from the start
};

/// At most this many nodes: one /25 of 10.128.0.0/9 each.
inline constexpr std::size_t kNodesMax = 65536;

/// BadRequest if there are more nodes or pods a node than there are addresses for.
Result<std::vector<NodePlan>> make_nodes(const Scenario& scenario, const ImportedTrace& trace);

}  // namespace orrery::sim
