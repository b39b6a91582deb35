#include "core/scheduler/volumes/provisioning.h"

#include <algorithm>

namespace orrery::scheduler {
namespace {

constexpr std::string_view kNoProvisioner = "kubernetes.io/no-provisioner";

/// By the first label that the topology asks for, if it asks by value.
void add_pool(ClassCapacity& cls, const StorageCapacity& capacity, api::Selector topology) {
  const auto number = static_cast<std::uint32_t>(cls.pools.size());
  cls.pools.push_back({*capacity.limit, std::move(topology)});
  if (!capacity.topology.match_labels.empty()) {
    const auto& [key, value] = capacity.topology.match_labels.front();
    cls.by_node.add(key, std::vector<Symbol>{value}, number);
    return;
  }
  for (const api::LabelSelectorRequirement& r : capacity.topology.match_expressions) {
    if (r.operator_ == "In") return cls.by_node.add(r.key, r.values, number);
  }
  cls.by_node.add_everywhere(number);
}

}  // namespace

std::shared_ptr<const ClassCapacity> Provisioner::capacity_of(Symbol storage_class) {
  const std::uint64_t version = objects_.version(Watched::kCsiStorageCapacity) + 1;
  if (version != version_) {
    version_ = version;
    classes_.clear();
    objects_.for_each<api::Dynamic>(Watched::kCsiStorageCapacity, [&](const api::Dynamic& o) {
      const StorageCapacity capacity = read_capacity(o);
      if (!capacity.limit || !capacity.has_topology) return;
      auto topology = api::Selector::from(capacity.topology);
      if (!topology.ok()) return;
      std::shared_ptr<ClassCapacity>& cls = classes_[capacity.storage_class];
      if (!cls) cls = std::make_shared<ClassCapacity>();
      add_pool(*cls, capacity, std::move(*topology));
    });
  }
  std::shared_ptr<ClassCapacity>& cls = classes_[storage_class];
  if (!cls) cls = std::make_shared<ClassCapacity>();
  return cls;
}

ProvisioningDemand Provisioner::demand_of(const api::PersistentVolumeClaim& claim,
                                          Symbol storage_class) {
  static const Symbol kStorage{"storage"};
  ProvisioningDemand out;
  if (storage_class.empty()) {
    out.error = "no class for claim \"" + api::key_of(claim) + "\"";
    return out;
  }
  const auto* cls =
      objects_.find<api::StorageClass>(Watched::kStorageClass, Symbol(), storage_class.view());
  if (!cls) {
    out.error = "failed to find storage class \"" + storage_class.str() + "\"";
    return out;
  }
  out.is_supported = !cls->provisioner.empty() && !(cls->provisioner == kNoProvisioner);
  out.topologies = allowed_topologies(*cls);
  const api::Quantity* size = claim.spec.resources.requests.find(kStorage);
  const auto* driver =
      objects_.find<api::Dynamic>(Watched::kCsiDriver, Symbol(), cls->provisioner.view());
  if (size && driver && tracks_capacity(*driver)) {
    out.size = size->value();
    out.capacity = capacity_of(storage_class);
  }
  return out;
}

Provisioning check(const ProvisioningDemand& demand, const api::Node& node) {
  const api::Labels& labels = *node.meta.labels;
  if (!demand.is_supported || !matches(demand.topologies, labels)) return Provisioning::kNoMatch;
  if (!demand.size) return Provisioning::kPossible;
  bool found = false;
  demand.capacity->by_node.for_each_list(labels, [&](std::span<const std::uint32_t> list) {
    for (std::size_t i = 0; i < list.size() && !found; ++i) {
      const ClassCapacity::Pool& pool = demand.capacity->pools[list[i]];
      found = pool.limit >= *demand.size && pool.topology.matches(labels);
    }
  });
  return found ? Provisioning::kPossible : Provisioning::kNotEnoughSpace;
}

}  // namespace orrery::scheduler
