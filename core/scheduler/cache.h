// SchedulerCache: the nodes and the pods on them as this scheduler believes them to be: what
// informers told, plus pods that it placed itself and whose binding is on its way (assumed).
// Plugins read it through NodeInfo. A bounded log says which nodes changed, for whoever keeps
// results by node.
//
//     assume -> finish_binding -> add (informer: confirmed) -> remove
//        `----- forget (binding failed)
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/cluster_objects.h"
#include "core/scheduler/gangs.h"
#include "core/scheduler/image_states.h"
#include "core/scheduler/node_info.h"
#include "core/scheduler/node_tree.h"
#include "core/scheduler/topology/carried_terms.h"
#include "core/scheduler/topology/pod_groups.h"
#include "core/scheduler/volumes/volume_uses.h"

namespace orrery::scheduler {

class SchedulerCache {
 public:
  SchedulerCache();

  void add_node(const Ref<const api::Node>& node);
  /// Adds the node if it is not known.
  void update_node(const Ref<const api::Node>& node);
  void remove_node(Symbol name);

  /// A pod that has a node; confirms it if it was assumed there (moves it if it was assumed
  /// elsewhere).
  void add_pod(const Ref<const api::Pod>& pod);
  void update_pod(const Ref<const api::Pod>& pod) { add_pod(pod); }
  void remove_pod(const Uid& uid);
  /// Counts the pod on this node before its binding is written. `devices`: the GPU devices to take
  /// unless the pod names some; 0: the tightest fit.
  void assume(const Ref<const api::Pod>& pod, NodeSlot node, DeviceMask devices = 0);
  void finish_binding(const Uid& uid);
  /// Takes an assumed pod back; nothing happens if it was confirmed or removed meanwhile.
  void forget(const Uid& uid);
  bool is_assumed(const Uid& uid) const;
  bool knows_pod(const Uid& uid) const { return pods_.find(uid) != PodRecords::kNone; }
  /// The node that a known pod is counted on; empty otherwise.
  Symbol node_of(const Uid& uid) const;
  /// The devices counted for this pod; 0 = none.
  DeviceMask devices_of(const Uid& uid) const;

  /// Keeps room on the node for a pod that is not counted anywhere; a pod has one nomination.
  void nominate(const Ref<const api::Pod>& pod, Symbol node);
  void forget_nomination(const Uid& uid);
  /// The node that the pod is nominated to; empty: none.
  Symbol nominated_node(const Uid& uid) const;
  bool has_nominations() const { return !nominated_.empty(); }

  NodeInfo node(NodeSlot slot) const { return {table_, pods_, slot}; }
  NodeSlot find_node(Symbol name) const { return table_.find(name); }
  const NodeTable& table() const { return table_; }
  const PodRecords& pods() const { return pods_; }
  const ImageStates& images() const { return images_; }
  /// Objects of other kinds that plugins read. Tell of changes through on_object(), which answers
  /// whether they matter.
  const ClusterObjects& objects() const { return objects_; }
  bool on_object(Watched kind, const api::ObjectRef& old, const api::ObjectRef& now);
  /// Pods counted by what selectors see of them, and by topology domain.
  TopologyKeys& topology_keys() { return keys_; }
  PodGroups& pod_groups() { return groups_; }
  const CarriedTerms& carried_terms() const { return terms_; }
  /// Pod groups; tell of every pod through gangs().on_pod().
  Gangs& gangs() { return gangs_; }
  /// Claims and volumes that pods on nodes use.
  VolumeUses& volumes() { return volumes_; }
  const VolumeUses& volumes() const { return volumes_; }
  ResourceNames& resource_names() { return names_; }
  const ResourceNames& resource_names() const { return names_; }
  Ref<const PodRequests> requests_of(const api::Pod& pod) { return memo_.of(pod); }

  /// Existing nodes in the order in which they are tried, and where each stands in it
  /// (-1: nowhere).
  const std::vector<NodeSlot>& order() const { return order_; }
  std::int32_t position(NodeSlot slot) const {
    const auto index = static_cast<std::size_t>(slot);
    return slot >= 0 && index < position_.size() ? position_[index] : -1;
  }
  /// Changes with order().
  std::uint64_t order_generation() const { return order_generation_; }
  std::size_t node_count() const { return order_.size(); }
  /// Brings order() up to date; call before a scheduling cycle.
  void refresh_order();

  /// The change log: numbers below change_count() name a changed node; those below oldest_change()
  /// are forgotten. A slot may be of a node that is gone.
  std::uint64_t change_count() const { return change_count_; }
  std::uint64_t oldest_change() const {
    return change_count_ > changes_.size() ? change_count_ - changes_.size() : 0;
  }
  NodeSlot change(std::uint64_t number) const { return changes_[number & (changes_.size() - 1)]; }

  std::size_t bytes() const { return table_.bytes() + pods_.bytes(); }

 private:
  friend class NodeTrial;

  NodeSlot ensure_node(Symbol name);
  void drop_if_unused(NodeSlot slot);
  void set_images(NodeSlot slot, const api::Node& node);
  void set_devices(NodeSlot slot);
  void touch(NodeSlot slot);
  void reread_topology(NodeSlot slot);
  void place(std::uint32_t number, NodeSlot slot, DeviceMask wanted = 0);
  void displace(std::uint32_t number);
  void count_in(std::uint32_t number, NodeSlot slot);
  void count_out(std::uint32_t number);
  void collect_ports(NodeSlot slot);

  ClusterObjects objects_;
  NodeTable table_;
  PodRecords pods_;
  NodeTree tree_;
  ImageStates images_;
  ResourceNames names_;
  RequestsMemo memo_{names_};
  TopologyKeys keys_{table_};
  PodGroups groups_{table_, keys_, objects_};
  CarriedTerms terms_{table_, keys_, objects_};
  Gangs gangs_{objects_};
  VolumeUses volumes_{table_, objects_};
  ResourceIndex gpu_resource_;
  struct UidHash {
    std::size_t operator()(const Uid& uid) const { return uid.hash(); }
  };
  std::unordered_map<Uid, NodeSlot, UidHash> nominated_;  // lookup only
  std::vector<NodeSlot> order_;
  std::vector<std::int32_t> position_;
  bool order_is_stale_ = false;
  std::uint64_t order_generation_ = 1;
  std::uint64_t generation_ = 0;
  std::vector<NodeSlot> changes_;
  std::uint64_t change_count_ = 0;
};

}  // namespace orrery::scheduler
