// NodeTable: the state of all nodes: the resources that every node has as columns (one array a
// resource, indexed by node slot), the others and what is not a number in rows. The cache writes
// it; plugins read it through NodeInfo.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/api/node.h"
#include "core/scheduler/pod_records.h"

namespace orrery::scheduler {

using Column = Eigen::Array<std::int64_t, Eigen::Dynamic, 1>;

struct ResourceColumns {
  Column allocatable;
  Column requested;
};

/// A resource that only some nodes have, or that pods on the node asked for.
struct ExtendedResource {
  ResourceIndex index = 0;
  std::int64_t allocatable = 0;
  std::int64_t requested = 0;
};

struct NodeRow {
  Symbol name;
  Ref<const api::Node> node;  // null: pods name a node that does not exist (any more)
  std::uint64_t generation = 0;
  std::vector<std::uint32_t> pods;  // record numbers
  std::vector<HostPort> ports;
  std::vector<ExtendedResource> extended;
  std::vector<std::uint32_t> images;  // ids of image name symbols, sorted: for lookups only
  std::unique_ptr<GpuNode> gpu;       // null: no GPU devices
  /// Pods that wait for their victims here (status.nominatedNodeName), in the order of nomination.
  std::vector<Ref<const api::Pod>> nominated;
  bool in_use = false;
};

class NodeTable {
 public:
  NodeTable();

  /// The slot of this node, or kNoNode.
  NodeSlot find(Symbol name) const;
  NodeSlot insert(Symbol name);
  void erase(NodeSlot slot);
  NodeRow& row(NodeSlot slot) { return rows_[static_cast<std::size_t>(slot)]; }
  const NodeRow& row(NodeSlot slot) const { return rows_[static_cast<std::size_t>(slot)]; }
  /// Slots are below this.
  std::size_t slots() const { return rows_.size(); }

  /// Allocatable amounts from the node's status.
  void set_allocatable(NodeSlot slot, const api::Node& node, ResourceNames& names);
  /// Counts a pod in (sign 1) or out (sign -1).
  void count(NodeSlot slot, const PodRequests& requests, std::int64_t sign);

  std::int64_t allocatable(ResourceIndex resource, NodeSlot slot) const {
    if (resource < kBaseResources) return columns_[resource].allocatable[slot];
    const ExtendedResource* found = find_extended(resource, slot);
    return found ? found->allocatable : 0;
  }
  std::int64_t requested(ResourceIndex resource, NodeSlot slot) const {
    if (resource < kBaseResources) return columns_[resource].requested[slot];
    const ExtendedResource* found = find_extended(resource, slot);
    return found ? found->requested : 0;
  }
  std::int64_t nonzero_cpu(NodeSlot slot) const { return nonzero_cpu_[slot]; }
  std::int64_t nonzero_memory(NodeSlot slot) const { return nonzero_memory_[slot]; }
  std::int64_t allowed_pods(NodeSlot slot) const { return allowed_pods_[slot]; }
  /// The nodes that have some of an extended resource; order without meaning.
  const std::vector<NodeSlot>& nodes_with(ResourceIndex resource) const {
    static const std::vector<NodeSlot> kNone;
    return resource < nodes_with_.size() ? nodes_with_[resource] : kNone;
  }
  std::size_t bytes() const;

 private:
  void reserve(std::size_t slots);
  const ExtendedResource* find_extended(ResourceIndex resource, NodeSlot slot) const {
    for (const ExtendedResource& e : row(slot).extended) {
      if (e.index == resource) return &e;
    }
    return nullptr;
  }
  ExtendedResource& ensure_extended(ResourceIndex resource, NodeSlot slot);
  void forget_extended(NodeSlot slot);

  std::vector<NodeRow> rows_;
  std::vector<NodeSlot> free_;
  std::unordered_map<std::uint32_t, NodeSlot> by_name_;  // symbol id -> slot; lookup only
  std::array<ResourceColumns, kBaseResources> columns_;
  std::vector<std::vector<NodeSlot>> nodes_with_;  // by resource
  Column nonzero_cpu_;
  Column nonzero_memory_;
  Column allowed_pods_;
  Eigen::Index capacity_ = 0;
};

}  // namespace orrery::scheduler
