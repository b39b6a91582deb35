// NodeInfo: one node as plugins see it: a handle of two words into the columns of a NodeTable.
// Nothing is copied for a snapshot: time stands still while a pod is scheduled. Preemption points a
// handle at a scratch table with one row and removes pods there.
#pragma once

#include <span>

#include "core/scheduler/node_table.h"

namespace orrery::scheduler {

class NodeInfo {
 public:
  NodeInfo(const NodeTable& table, const PodRecords& pods, NodeSlot slot)
      : table_(&table), pods_(&pods), slot_(slot) {}

  NodeSlot slot() const { return slot_; }
  Symbol name() const { return row().name; }
  const api::Node& node() const { return *row().node; }
  const api::Labels& labels() const { return *row().node->meta.labels; }
  std::uint64_t generation() const { return row().generation; }

  std::int64_t allocatable(ResourceIndex r) const { return table_->allocatable(r, slot_); }
  std::int64_t requested(ResourceIndex r) const { return table_->requested(r, slot_); }
  /// As requested, but containers without a request count with the defaults (NonZeroRequested).
  std::int64_t nonzero_requested(ResourceIndex r) const {
    return r == kCpu      ? table_->nonzero_cpu(slot_)
           : r == kMemory ? table_->nonzero_memory(slot_)
                          : table_->requested(r, slot_);
  }
  std::int64_t allowed_pods() const { return table_->allowed_pods(slot_); }
  std::int64_t pod_count() const { return static_cast<std::int64_t>(row().pods.size()); }
  std::span<const HostPort> used_ports() const { return row().ports; }
  /// The node's GPU devices, or null.
  const GpuNode* gpu() const { return row().gpu.get(); }
  /// Ids of the symbols of the names of its images, sorted.
  std::span<const std::uint32_t> images() const { return row().images; }
  /// Pods that wait for their victims here.
  std::span<const Ref<const api::Pod>> nominated() const { return row().nominated; }
  /// Record numbers of its pods.
  std::span<const std::uint32_t> pods() const { return row().pods; }
  template <class F>  // F(const api::Pod&)
  void for_each_pod(F&& visit) const {
    for (const std::uint32_t number : row().pods) visit(*(*pods_)[number].pod);
  }

 private:
  const NodeRow& row() const { return table_->row(slot_); }

  const NodeTable* table_;
  const PodRecords* pods_;
  NodeSlot slot_;
};

}  // namespace orrery::scheduler
