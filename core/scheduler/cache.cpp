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

/// Every sum that counts the one would count the other.
bool counts_alike(const api::Pod& a, const api::Pod& b) {
  return same_demand(a, b) && PodGroups::same_group(a, b) && CarriedTerms::same_terms(a, b);
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
  if (!row.node && row.pods.empty() && row.nominated.empty()) table_.erase(slot);
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

/// The node's labels or taints changed, or it came or went.
void SchedulerCache::reread_topology(NodeSlot slot) {
  groups_.withdraw(slot);
  terms_.withdraw(slot);
  keys_.refresh(slot);
  groups_.deposit(slot);
  terms_.deposit(slot);
}

bool SchedulerCache::on_object(Watched kind, const api::ObjectRef& old,
                               const api::ObjectRef& now) {
  if (!objects_.change(kind, old, now)) return false;
  volumes_.on_object(kind, old, now);
  if (kind == Watched::kNamespace) {
    groups_.on_namespace(Symbol((now ? now : old)->meta.name.view()));
  }
  return true;
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
  reread_topology(slot);
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
  const bool moved = !(old->meta.labels == node->meta.labels) ||
                     !(old->spec.taints == node->spec.taints) ||
                     old->spec.unschedulable != node->spec.unschedulable;
  if (moved) reread_topology(slot);
  bool changed = moved || !(old->meta.annotations == node->meta.annotations);
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
  reread_topology(slot);
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

/// Adds what the pod takes and shows to the sums over pods; the node's list has it already.
void SchedulerCache::count_in(std::uint32_t number, NodeSlot slot) {
  PodRecord& record = pods_[number];
  NodeRow& row = table_.row(slot);
  const PodRequests& requests = *record.requests;
  table_.count(slot, requests, 1);
  row.ports.insert(row.ports.end(), requests.host_ports.begin(), requests.host_ports.end());
  record.group = groups_.add(*record.pod, slot);
  terms_.add(*record.pod, slot);
  gangs_.count_placed(*record.pod, record.requests->pod_group, 1);
  volumes_.add(*record.pod, slot);
}

void SchedulerCache::count_out(std::uint32_t number) {
  PodRecord& record = pods_[number];
  table_.count(record.node, *record.requests, -1);
  if (!record.requests->host_ports.empty()) collect_ports(record.node);
  groups_.remove(record.group, record.node);
  terms_.remove(*record.pod, record.node);
  gangs_.count_placed(*record.pod, record.requests->pod_group, -1);
  volumes_.remove(*record.pod, record.node);
}

void SchedulerCache::place(std::uint32_t number, NodeSlot slot, DeviceMask wanted) {
  PodRecord& record = pods_[number];
  NodeRow& row = table_.row(slot);
  record.node = slot;
  record.position = static_cast<std::uint32_t>(row.pods.size());
  row.pods.push_back(number);
  count_in(number, slot);
  const PodRequests& requests = *record.requests;
  if (requests.gpu.count > 0 && row.gpu) {
    DeviceMask devices = recorded_devices(*record.pod);
    if (devices == 0) devices = wanted;
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
  count_out(number);
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

void SchedulerCache::add_pod(const Ref<const api::Pod>& pod) {
  std::uint32_t number = pods_.find(pod->meta.uid);
  const bool is_new = number == PodRecords::kNone;
  if (is_new) {
    number = pods_.insert(pod);
  } else {
    PodRecord& record = pods_[number];
    record.assumed = false;
    record.binding_finished = true;
    const bool stays = table_.row(record.node).name == pod->node_name;
    if (stays && counts_alike(*record.pod, *pod)) {
      if (record.pod->status.start_time != pod->status.start_time) {
        // Preemption orders victims by it.
        table_.row(record.node).generation = ++generation_;
      }
      record.pod = pod;
      return;
    }
    displace(number);  // by what it was
    record.pod = pod;
  }
  pods_[number].binding_finished = true;
  pods_[number].requests = memo_.of(*pod);
  place(number, ensure_node(pod->node_name));
}

void SchedulerCache::remove_pod(const Uid& uid) {
  const std::uint32_t number = pods_.find(uid);
  if (number == PodRecords::kNone) return;
  displace(number);
  pods_.erase(number);
}

void SchedulerCache::assume(const Ref<const api::Pod>& pod, NodeSlot node, DeviceMask devices) {
  CHECK(pods_.find(pod->meta.uid) == PodRecords::kNone);
  const std::uint32_t number = pods_.insert(pod);
  pods_[number].requests = memo_.of(*pod);
  pods_[number].assumed = true;
  place(number, node, devices);
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

void SchedulerCache::nominate(const Ref<const api::Pod>& pod, Symbol node) {
  const auto known = nominated_.find(pod->meta.uid);
  if (known != nominated_.end()) {
    NodeRow& row = table_.row(known->second);
    if (row.name == node) {
      for (Ref<const api::Pod>& held : row.nominated) {
        if (held->meta.uid != pod->meta.uid) continue;
        if (!counts_alike(*held, *pod)) row.generation = ++generation_;
        held = pod;
      }
      return;
    }
    forget_nomination(pod->meta.uid);
  }
  const NodeSlot slot = ensure_node(node);
  table_.row(slot).nominated.push_back(pod);
  table_.row(slot).generation = ++generation_;
  nominated_.emplace(pod->meta.uid, slot);
}

void SchedulerCache::forget_nomination(const Uid& uid) {
  const auto known = nominated_.find(uid);
  if (known == nominated_.end()) return;
  const NodeSlot slot = known->second;
  std::erase_if(table_.row(slot).nominated,
                [&](const Ref<const api::Pod>& pod) { return pod->meta.uid == uid; });
  nominated_.erase(known);
  table_.row(slot).generation = ++generation_;
  drop_if_unused(slot);
}

Symbol SchedulerCache::nominated_node(const Uid& uid) const {
  const auto known = nominated_.find(uid);
  return known == nominated_.end() ? Symbol() : table_.row(known->second).name;
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
