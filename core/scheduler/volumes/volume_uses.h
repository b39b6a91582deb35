// VolumeUses: which claims and attachable volumes the pods on nodes use, kept up to date pod by pod
// and object by object: users of a claim, volumes of each CSI driver on each node, disks in pods.
// SchedulerCache feeds it; volume plugins read it. A volume that several pods of a node use counts
// once there.
//
//     pod -> claims -> (PVC, PV or StorageClass) -> volume id + driver -> counts of the node
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/cluster_objects.h"
#include "core/scheduler/node_table.h"
#include "core/scheduler/volumes/volume_documents.h"

namespace orrery::scheduler {

/// A volume that counts against an attach limit. Ids are hashes of driver and handle.
struct CountedVolume {
  static constexpr std::uint32_t kNoDriver = 0xffffffff;
  std::uint64_t id = 0;
  std::uint32_t driver = kNoDriver;  // number in VolumeUses::driver()
  bool counts() const { return driver != kNoDriver; }
  bool operator==(const CountedVolume&) const = default;
};

/// What is known of one node's volumes.
struct NodeVolumes {
  struct Use {
    CountedVolume volume;
    std::uint32_t pods = 0;
    std::uint32_t attachments = 0;
  };
  struct DriverCount {
    std::uint32_t driver = 0;
    std::int32_t volumes = 0;
  };
  struct PodDisks {
    Uid pod;
    Ref<const PodVolumes> volumes;
  };
  std::vector<Use> uses;
  std::vector<DriverCount> counts;
  std::vector<PodDisks> disks;
  CsiNode csi;

  void count(const CountedVolume& volume, std::int32_t pods, std::int32_t attachments);
  bool is_migrated(Symbol plugin) const {
    for (const Symbol known : csi.migrated) {
      if (known == plugin) return true;
    }
    return false;
  }
  /// Whether pods on the node use the volume.
  bool has(const CountedVolume& volume) const {
    for (const Use& use : uses) {
      if (use.volume.id == volume.id) return use.pods > 0;
    }
    return false;
  }
};

class VolumeUses {
 public:
  struct Driver {
    Symbol name;
    Symbol plugin;  // in-tree plugin; empty: CSI proper
  };

  VolumeUses(const NodeTable& table, const ClusterObjects& objects)
      : table_(table), objects_(objects) {}
  VolumeUses(const VolumeUses&) = delete;
  VolumeUses& operator=(const VolumeUses&) = delete;

  /// What matters of the pod's volumes; null if nothing does. Remembered by identity of the list.
  Ref<const PodVolumes> volumes_of(const api::Pod& pod) const;

  /// A pod is counted on, or taken off, this node.
  void add(const api::Pod& pod, NodeSlot slot);
  void remove(const api::Pod& pod, NodeSlot slot);
  /// ClusterObjects changed.
  void on_object(Watched kind, const api::ObjectRef& old, const api::ObjectRef& now);

  /// How many volumes of pods on nodes name this claim.
  std::uint32_t users(Symbol ns, std::string_view claim) const;
  /// The node's volumes, or null if nothing is known of it.
  const NodeVolumes* on_node(NodeSlot slot) const;
  /// What a pod with this claim would attach (getCSIDriverInfo); counts() is false if nothing.
  CountedVolume volume_of(const api::PersistentVolumeClaim& claim);
  CountedVolume volume_of(const CsiSource& source);
  const Driver& driver(std::uint32_t number) const { return drivers_[number]; }
  std::size_t claim_count() const { return by_name_.size(); }

 private:
  struct Key {
    std::uint32_t ns;
    std::string_view name;
  };
  struct StoredKey {
    std::uint32_t ns;
    Text name;
    operator Key() const { return {ns, name.view()}; }
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const Key& k) const { return hash_text(k.name, k.ns + 1); }
  };
  struct KeyEqual {
    using is_transparent = void;
    bool operator()(const Key& a, const Key& b) const { return a.ns == b.ns && a.name == b.name; }
  };
  template <class T>
  using ByName = std::unordered_map<StoredKey, T, KeyHash, KeyEqual>;  // lookup only

  struct Claim {
    Symbol ns;
    Text name;
    std::uint32_t pods = 0;
    std::vector<std::pair<NodeVolumes*, std::uint32_t>> nodes;
    CountedVolume volume;
    Text pv;  // that spec.volumeName names
  };
  struct Attached {
    NodeVolumes* node = nullptr;
    Symbol attacher;
    CountedVolume volume;
  };

  NodeVolumes& of_node(Symbol name);
  NodeVolumes& of_slot(NodeSlot slot);
  std::uint32_t claim_number(Symbol ns, const Text& name);
  void drop_claim(std::uint32_t number);
  void resolve(std::uint32_t number);
  void resolve(Attached& attached, const Text& pv);
  CountedVolume volume_by_class(const api::PersistentVolumeClaim& claim);
  CountedVolume counted(Symbol driver, std::string_view handle, Symbol plugin,
                        std::string_view scope);
  void on_volume(const Text& name);
  void on_attachment(const api::ObjectRef& old, const api::ObjectRef& now);

  const NodeTable& table_;
  const ClusterObjects& objects_;
  std::deque<Claim> claims_;
  std::vector<std::uint32_t> free_claims_;
  ByName<std::uint32_t> by_name_;
  ByName<std::vector<std::uint32_t>> by_pv_;
  std::map<std::pair<Text, Text>, Attached> attachments_;  // by volume, then own name
  std::unordered_map<std::uint32_t, std::unique_ptr<NodeVolumes>> nodes_;  // by symbol; lookup only
  std::vector<Driver> drivers_;
  std::unordered_map<std::uint64_t, std::uint32_t> driver_numbers_;  // lookup only

  struct SlotMemo {
    Symbol name;
    NodeVolumes* volumes = nullptr;
  };
  mutable std::vector<SlotMemo> slots_;
  struct VolumesMemo {
    api::List<api::Volume> list;  // held, so that its address means something
    Ref<const PodVolumes> volumes;
  };
  mutable std::vector<VolumesMemo> memo_;
};

}  // namespace orrery::scheduler
