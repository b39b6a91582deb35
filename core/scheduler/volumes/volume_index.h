// VolumeIndex: the PersistentVolumes that claims could still be bound to, by class and by the nodes
// that can reach them; made anew when informers told of a PersistentVolume. What is assumed is
// asked for on the way. Rules: FindMatchingVolume of component-helpers/storage/volume.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "core/api/node.h"
#include "core/scheduler/volumes/assumed_volumes.h"
#include "core/scheduler/volumes/label_buckets.h"

namespace orrery::scheduler {

/// What a claim asks of a volume, read once.
struct VolumeDemand {
  explicit VolumeDemand(const Ref<const api::PersistentVolumeClaim>& claim);

  Ref<const api::PersistentVolumeClaim> claim;
  Symbol storage_class;
  api::Quantity size;
  Symbol mode;
  Symbol attributes_class;
  std::optional<api::Selector> selector;
  std::string error;  // the selector cannot be read
};

class VolumeIndex {
 public:
  VolumeIndex(const ClusterObjects& objects, const AssumedVolumes& assumed)
      : objects_(objects), assumed_(assumed) {}

  /// The volume that names the claim already, or else the smallest that fits it and the node; null
  /// if there is none. Volumes in `taken` are left out.
  Ref<const api::PersistentVolume> find(
      const VolumeDemand& demand, const api::Node& node,
      std::span<const Ref<const api::PersistentVolume>> taken) const;
  /// Call before find(), once nothing changes any more.
  void refresh();

 private:
  struct Candidate {
    explicit Candidate(Ref<const api::PersistentVolume> v);
    Ref<const api::PersistentVolume> volume;
    api::Quantity capacity;
    Symbol mode;
    Symbol attributes_class;
  };
  struct Class {
    std::vector<Candidate> free;  // from small to large, then by name
    LabelBuckets by_node;
  };
  static bool fits(const Candidate& candidate, const VolumeDemand& demand);
  /// The volume that names the claim; of several the first by name.
  Ref<const api::PersistentVolume> claimed(
      const VolumeDemand& demand, std::span<const Ref<const api::PersistentVolume>> taken) const;

  const ClusterObjects& objects_;
  const AssumedVolumes& assumed_;
  std::map<Symbol, Class> classes_;
  std::map<std::pair<Symbol, Text>, std::vector<Candidate>> claimed_;  // by claim
  std::uint64_t objects_version_ = 0;
  bool is_made_ = false;
};

/// CheckNodeAffinity: no affinity matches every node.
bool reaches(const api::PersistentVolume& volume, const api::Node& node);

}  // namespace orrery::scheduler
