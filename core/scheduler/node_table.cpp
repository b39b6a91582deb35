#include "core/scheduler/node_table.h"

#include <algorithm>

namespace orrery::scheduler {
namespace {

void widen(Column& column, Eigen::Index size) {
  const Eigen::Index old = column.size();
  column.conservativeResize(size);
  column.tail(size - old).setZero();
}

}  // namespace

NodeTable::NodeTable() { reserve(16); }

NodeSlot NodeTable::find(Symbol name) const {
  const auto it = by_name_.find(name.id());
  return it == by_name_.end() ? kNoNode : it->second;
}

NodeSlot NodeTable::insert(Symbol name) {
  NodeSlot slot;
  if (free_.empty()) {
    slot = static_cast<NodeSlot>(rows_.size());
    rows_.emplace_back();
    if (static_cast<Eigen::Index>(rows_.size()) > capacity_) {
      reserve(static_cast<std::size_t>(capacity_) * 2);
    }
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  row(slot).name = name;
  row(slot).in_use = true;
  by_name_[name.id()] = slot;
  return slot;
}

void NodeTable::erase(NodeSlot slot) {
  by_name_.erase(row(slot).name.id());
  forget_extended(slot);
  row(slot) = NodeRow{};
  for (ResourceColumns& c : columns_) {
    c.allocatable[slot] = 0;
    c.requested[slot] = 0;
  }
  nonzero_cpu_[slot] = nonzero_memory_[slot] = allowed_pods_[slot] = 0;
  free_.push_back(slot);
}

void NodeTable::set_allocatable(NodeSlot slot, const api::Node& node, ResourceNames& names) {
  static const Symbol kPods{"pods"};
  for (ResourceColumns& c : columns_) c.allocatable[slot] = 0;
  forget_extended(slot);
  allowed_pods_[slot] = 0;
  for (const auto& [name, quantity] : node.status.allocatable) {
    if (name == kPods) {
      allowed_pods_[slot] = quantity.value();
      continue;
    }
    const ResourceIndex index = names.index_of(name);
    if (index < kBaseResources) {
      columns_[index].allocatable[slot] =
          index == kCpu ? quantity.milli_value() : quantity.value();
    } else if (const std::int64_t amount = quantity.value(); amount != 0) {
      ensure_extended(index, slot).allocatable = amount;
      if (index >= nodes_with_.size()) nodes_with_.resize(index + 1);
      nodes_with_[index].push_back(slot);
    }
  }
}

void NodeTable::count(NodeSlot slot, const PodRequests& requests, std::int64_t sign) {
  for (ResourceIndex r = 0; r < kBaseResources; ++r) {
    columns_[r].requested[slot] += sign * requests.base[r];
  }
  nonzero_cpu_[slot] += sign * requests.nonzero_cpu;
  nonzero_memory_[slot] += sign * requests.nonzero_memory;
  for (const auto& [index, amount] : requests.extended) {
    if (amount != 0) ensure_extended(index, slot).requested += sign * amount;
  }
}

void NodeTable::reserve(std::size_t slots) {
  capacity_ = static_cast<Eigen::Index>(slots);
  for (ResourceColumns& c : columns_) {
    widen(c.allocatable, capacity_);
    widen(c.requested, capacity_);
  }
  widen(nonzero_cpu_, capacity_);
  widen(nonzero_memory_, capacity_);
  widen(allowed_pods_, capacity_);
}

ExtendedResource& NodeTable::ensure_extended(ResourceIndex resource, NodeSlot slot) {
  std::vector<ExtendedResource>& all = row(slot).extended;
  for (ExtendedResource& e : all) {
    if (e.index == resource) return e;
  }
  return all.emplace_back(ExtendedResource{resource, 0, 0});
}

/// The node offers no extended resource (any more); what pods asked for stays counted.
void NodeTable::forget_extended(NodeSlot slot) {
  for (ExtendedResource& e : row(slot).extended) {
    if (e.allocatable != 0) std::erase(nodes_with_[e.index], slot);
    e.allocatable = 0;
  }
  std::erase_if(row(slot).extended, [](const ExtendedResource& e) { return e.requested == 0; });
}

std::size_t NodeTable::bytes() const {
  std::size_t total = rows_.capacity() * sizeof(NodeRow);
  for (const NodeRow& r : rows_) {
    total += (r.pods.capacity() + r.images.capacity()) * sizeof(std::uint32_t);
  }
  return total + static_cast<std::size_t>(capacity_) * 8 * (kBaseResources * 2 + 3);
}

}  // namespace orrery::scheduler
