// Provisioning: whether a volume for a claim could be made where a node can reach it: the class's
// provisioner and allowedTopologies, and CSIStorageCapacity objects where the CSIDriver asks for
// them to be looked at (checkVolumeProvisions of upstream's volume binder).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/api/node.h"
#include "core/scheduler/cluster_objects.h"
#include "core/scheduler/volumes/label_buckets.h"
#include "core/scheduler/volumes/volume_documents.h"

namespace orrery::scheduler {

/// Storage that nodes can reach, of one class; capacities without a limit are left out.
struct ClassCapacity {
  struct Pool {
    std::int64_t limit = 0;
    api::Selector topology;
  };
  std::vector<Pool> pools;
  LabelBuckets by_node;
};

/// What provisioning one claim takes; read once a pod.
struct ProvisioningDemand {
  bool is_supported = false;  // the class has a provisioner
  std::vector<TopologyTerm> topologies;
  std::optional<std::int64_t> size;  // to look for in `capacity`; absent: not tracked
  std::shared_ptr<const ClassCapacity> capacity;
  std::string error;
};

enum class Provisioning : std::uint8_t { kPossible, kNoMatch, kNotEnoughSpace };
Provisioning check(const ProvisioningDemand& demand, const api::Node& node);

class Provisioner {
 public:
  explicit Provisioner(const ClusterObjects& objects) : objects_(objects) {}
  ProvisioningDemand demand_of(const api::PersistentVolumeClaim& claim, Symbol storage_class);

 private:
  std::shared_ptr<const ClassCapacity> capacity_of(Symbol storage_class);

  const ClusterObjects& objects_;
  std::map<Symbol, std::shared_ptr<ClassCapacity>> classes_;
  std::uint64_t version_ = 0;
};

}  // namespace orrery::scheduler
