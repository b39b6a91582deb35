// NodeTree: the order in which nodes are tried: round-robin over the zones, so that a window of the
// list spans them all; within a zone in the order of arrival (upstream's
// backend/cache/node_tree.go).
#pragma once

#include <string>
#include <vector>

#include "core/api/node.h"
#include "core/scheduler/pod_records.h"

namespace orrery::scheduler {

/// Region and zone of a node as one key (GetZoneKey); empty if it has neither label.
std::string zone_key(const api::Node& node);

class NodeTree {
 public:
  void add(NodeSlot slot, const std::string& zone);
  void remove(NodeSlot slot, const std::string& zone);
  /// All nodes, one of each zone in turn.
  std::vector<NodeSlot> list() const;
  std::size_t size() const { return size_; }

 private:
  struct Zone {
    std::string key;
    std::vector<NodeSlot> nodes;
  };
  std::vector<Zone> zones_;  // in the order in which they appeared
  std::size_t size_ = 0;
};

}  // namespace orrery::scheduler
