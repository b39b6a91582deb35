// NodeTable: the state of all nodes as columns (one array a resource, indexed by node slot), so
// that filters and scores can run over many nodes at once; what is not a number lives in rows. The
// cache writes it; plugins read it through NodeInfo.
#pragma once

#include <Eigen/Core>
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

struct NodeRow {
  Symbol name;
  Ref<const api::Node> node;  // null: pods name a node that does not exist (any more)
  std::uint64_t generation = 0;
  std::vector<std::uint32_t> pods;  // record numbers
  std::vector<HostPort> ports;
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
    return resource < columns_.size() ? columns_[resource].allocatable[slot] : 0;
  }
  std::int64_t requested(ResourceIndex resource, NodeSlot slot) const {
    return resource < columns_.size() ? columns_[resource].requested[slot] : 0;
  }
  std::int64_t nonzero_cpu(NodeSlot slot) const { return nonzero_cpu_[slot]; }
  std::int64_t nonzero_memory(NodeSlot slot) const { return nonzero_memory_[slot]; }
  std::int64_t allowed_pods(NodeSlot slot) const { return allowed_pods_[slot]; }
  const std::vector<ResourceColumns>& columns() const { return columns_; }
  std::size_t bytes() const;

 private:
  void reserve(std::size_t slots);
  void ensure_resource(ResourceIndex resource);

  std::vector<NodeRow> rows_;
  std::vector<NodeSlot> free_;
  std::unordered_map<std::uint32_t, NodeSlot> by_name_;  // symbol id -> slot; lookup only
  std::vector<ResourceColumns> columns_;
  Column nonzero_cpu_;
  Column nonzero_memory_;
  Column allowed_pods_;
  Eigen::Index capacity_ = 0;
};

}  // namespace orrery::scheduler
