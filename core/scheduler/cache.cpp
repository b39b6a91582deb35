#include "core/scheduler/cache.h"

#include <algorithm>
#include <bit>

#include "core/base/check.h"

namespace orrery::scheduler {
namespace {

constexpr std::size_t kChangesMin = 1024;

/// The parts of a pod that decide what it takes from its node.
bool same_demand(const api::Pod& a, const api::Pod& b) {
  return a.spec.same(b.spec) &&
         (a.meta.annotations.same(b.meta.annotations) ||
          a.meta.annotations == b.meta.annotations) &&
         !has_status_resources(a) && !has_status_resources(b);
}

}  // namespace

SchedulerCache::SchedulerCache()
    : gpu_resource_(names_.index_of(Symbol(kGpuResource))), changes_(kChangesMin, kNoNode) {}

NodeSlot SchedulerCache::ensure_node(Symbol name) {
  const NodeSlot known = table_.find(name);
  return known != kNoNode ? known : table_.insert(name);
}

void SchedulerCache::drop_if_unused(NodeSlot slot) {
  const NodeRow& row = table_.row(slot);
  if (!row.node && row.pods.empty()) table_.erase(slot);
}

void SchedulerCache::touch(NodeSlot slot) {
  table_.row(slot).generation = ++generation_;
  changes_[change_count_++ & (changes_.size() - 1)] = slot;
}

void SchedulerCache::set_images(NodeSlot slot, const api::Node& node) {
  NodeRow& row = table_.row(slot);
  row.images = images_.replace(row.images, &node);
}

void SchedulerCache::set_devices(NodeSlot slot) {
  NodeRow& row = table_.row(slot);
  const auto devices =
      static_cast<std::size_t>(std::max<std::int64_t>(0, table_.allocatable(gpu_resource_, slot)));
  if (!row.gpu && devices == 0) return;
  if (!row.gpu) row.gpu = std::make_unique<GpuNode>();
  if (row.gpu->free_milli.size() != std::min(devices, kGpuDevicesMax)) row.gpu->resize(devices);
}

void SchedulerCache::add_node(const Ref<const api::Node>& node) {
  const NodeSlot slot = ensure_node(Symbol(node->meta.name.view()));
  NodeRow& row = table_.row(slot);
  if (row.node) {
    update_node(node);
    return;
  }
  row.node = node;
  table_.set_allocatable(slot, *node, names_);
  set_images(slot, *node);
  set_devices(slot);
  tree_.add(slot, zone_key(*node));
  order_is_stale_ = true;
  touch(slot);
}

void SchedulerCache::update_node(const Ref<const api::Node>& node) {
  const NodeSlot slot = table_.find(Symbol(node->meta.name.view()));
  if (slot == kNoNode || !table_.row(slot).node) {
    add_node(node);
    return;
  }
  NodeRow& row = table_.row(slot);
  const Ref<const api::Node> old = std::exchange(row.node, node);
  bool changed = !(old->meta.labels == node->meta.labels) ||
                 !(old->spec.taints == node->spec.taints) ||
                 old->spec.unschedulable != node->spec.unschedulable ||
                 !(old->meta.annotations == node->meta.annotations);
  if (!(old->status.allocatable == node->status.allocatable)) {
    table_.set_allocatable(slot, *node, names_);
    set_devices(slot);
    changed = true;
  }
  if (!(old->status.images == node->status.images)) {
    set_images(slot, *node);
    changed = true;
  }
  if (!old->meta.labels.same(node->meta.labels) && zone_key(*old) != zone_key(*node)) {
    tree_.remove(slot, zone_key(*old));
    tree_.add(slot, zone_key(*node));
    order_is_stale_ = true;
  }
  if (changed) touch(slot);
}

void SchedulerCache::remove_node(Symbol name) {
  const NodeSlot slot = table_.find(name);
  if (slot == kNoNode || !table_.row(slot).node) return;
  NodeRow& row = table_.row(slot);
  tree_.remove(slot, zone_key(*row.node));
  order_is_stale_ = true;
  row.images = images_.replace(row.images, nullptr);
  row.node = nullptr;
  touch(slot);
  drop_if_unused(slot);
}

void SchedulerCache::refresh_order() {
  if (!order_is_stale_) return;
  order_is_stale_ = false;
  order_ = tree_.list();
  position_.assign(table_.slots(), -1);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    position_[static_cast<std::size_t>(order_[i])] = static_cast<std::int32_t>(i);
  }
  ++order_generation_;
  const std::size_t wanted = std::bit_ceil(std::max(kChangesMin, order_.size()));
  if (wanted != changes_.size()) {
    // A log of another size: readers see a jump past everything that it held.
    changes_.assign(wanted, kNoNode);
    change_count_ += 2 * wanted;
  }
}

void SchedulerCache::place(std::uint32_t number, NodeSlot slot) {
  PodRecord& record = pods_[number];
  NodeRow& row = table_.row(slot);
  record.node = slot;
  record.position = static_cast<std::uint32_t>(row.pods.size());
  row.pods.push_back(number);
  const PodRequests& requests = *record.requests;
  table_.count(slot, requests, 1);
  row.ports.insert(row.ports.end(), requests.host_ports.begin(), requests.host_ports.end());
  if (requests.gpu.count > 0 && row.gpu) {
    DeviceMask devices = recorded_devices(*record.pod);
    if (devices == 0) devices = force_devices(*row.gpu, requests.gpu);
    row.gpu->take({number, requests.gpu.milli, devices});
  }
  touch(slot);
}

void SchedulerCache::displace(std::uint32_t number) {
  PodRecord& record = pods_[number];
  const NodeSlot slot = record.node;
  NodeRow& row = table_.row(slot);
  row.pods[record.position] = row.pods.back();
  pods_[row.pods.back()].position = record.position;
  row.pods.pop_back();
  table_.count(slot, *record.requests, -1);
  if (!record.requests->host_ports.empty()) collect_ports(slot);
  if (record.requests->gpu.count > 0 && row.gpu) row.gpu->release(number);
  record.node = kNoNode;
  touch(slot);
  drop_if_unused(slot);
}

void SchedulerCache::collect_ports(NodeSlot slot) {
  NodeRow& row = table_.row(slot);
  row.ports.clear();
  for (const std::uint32_t number : row.pods) {
    const auto& ports = pods_[number].requests->host_ports;
    row.ports.insert(row.ports.end(), ports.begin(), ports.end());
  }
}

void SchedulerCache::recount(std::uint32_t number, Ref<const PodRequests> requests) {
  displace(number);
  pods_[number].requests = std::move(requests);
  place(number, ensure_node(pods_[number].pod->node_name));
}

void SchedulerCache::add_pod(const Ref<const api::Pod>& pod) {
  std::uint32_t number = pods_.find(pod->meta.uid);
  if (number == PodRecords::kNone) {
    number = pods_.insert(pod);
    pods_[number].requests = memo_.of(*pod);
    pods_[number].binding_finished = true;
    place(number, ensure_node(pod->node_name));
    return;
  }
  PodRecord& record = pods_[number];
  const Ref<const api::Pod> old = std::exchange(record.pod, pod);
  record.assumed = false;
  record.binding_finished = true;
  if (table_.row(record.node).name != pod->node_name) {
    displace(number);
    pods_[number].requests = memo_.of(*pod);
    place(number, ensure_node(pod->node_name));
  } else if (!same_demand(*old, *pod)) {
    recount(number, memo_.of(*pod));
  }
}

void SchedulerCache::remove_pod(const Uid& uid) {
  const std::uint32_t number = pods_.find(uid);
  if (number == PodRecords::kNone) return;
  displace(number);
  pods_.erase(number);
}

void SchedulerCache::assume(const Ref<const api::Pod>& pod, NodeSlot node) {
  CHECK(pods_.find(pod->meta.uid) == PodRecords::kNone);
  const std::uint32_t number = pods_.insert(pod);
  pods_[number].requests = memo_.of(*pod);
  pods_[number].assumed = true;
  place(number, node);
}

void SchedulerCache::finish_binding(const Uid& uid) {
  const std::uint32_t number = pods_.find(uid);
  if (number != PodRecords::kNone) pods_[number].binding_finished = true;
}

void SchedulerCache::forget(const Uid& uid) {
  const std::uint32_t number = pods_.find(uid);
  if (number == PodRecords::kNone || !pods_[number].assumed) return;
  displace(number);
  pods_.erase(number);
}

bool SchedulerCache::is_assumed(const Uid& uid) const {
  const std::uint32_t number = pods_.find(uid);
  return number != PodRecords::kNone && pods_[number].assumed;
}

Symbol SchedulerCache::node_of(const Uid& uid) const {
  const std::uint32_t number = pods_.find(uid);
  return number == PodRecords::kNone ? Symbol() : table_.row(pods_[number].node).name;
}

DeviceMask SchedulerCache::devices_of(const Uid& uid) const {
  const std::uint32_t number = pods_.find(uid);
  if (number == PodRecords::kNone) return 0;
  const NodeRow& row = table_.row(pods_[number].node);
  if (!row.gpu) return 0;
  for (const GpuNode::Share& share : row.gpu->shares) {
    if (share.pod == number) return share.devices;
  }
  return 0;
}

}  // namespace orrery::scheduler
