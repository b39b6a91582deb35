// OwnerGraph: who owns whom, for the garbage collector: one 56-byte node for each object that has
// owners or is one, found by uid. Owners that no informer has shown are kept as absent nodes until
// they appear or are proven gone. Pure data; GarbageCollector decides and writes.
//
//     informer event -> observe()/forget() -> node, edges to owners, list of dependents
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/api/object.h"

namespace orrery::controller {

class OwnerGraph {
 public:
  using NodeId = std::uint32_t;
  static constexpr NodeId kNoNode = 0;

  struct Node {
    Uid uid;
    Text name;
    api::List<api::OwnerReference> owners;
    Symbol namespace_;
    api::KindId kind = api::KindId::kNone;  // kNone: absent, known by references only
    bool gone = false;  // absent, and known not to exist
    bool deleting = false;
    bool deleting_dependents = false;  // waits with foregroundDeletion
    std::uint32_t dependents = 0;      // index into dependents_, 0 = none
    std::uint32_t position = 0;        // where its first owner lists it
    bool is_absent() const { return kind == api::KindId::kNone; }
  };

  OwnerGraph();

  /// Takes in what an object is now. Objects that neither own nor are owned get no node (kNoNode).
  NodeId observe(const api::Object& object);
  /// Takes an object out. If others still name it as owner, its node stays as an absent one.
  void forget(const Uid& uid);
  /// An absent owner was looked for and does not exist.
  void mark_gone(const Uid& uid);
  /// The node, or kNoNode.
  NodeId find(const Uid& uid) const;
  const Node& at(NodeId id) const { return nodes_[id]; }
  /// One past the highest node id: for a scan of all nodes.
  NodeId end() const { return static_cast<NodeId>(nodes_.size()); }
  std::span<const NodeId> dependents(NodeId id) const;
  /// The node's own reference to `owner`, or null.
  const api::OwnerReference* reference(NodeId id, const Uid& owner) const;
  /// Dependents whose blockOwnerDeletion holds the owner back.
  std::vector<NodeId> blocking_dependents(NodeId id) const;
  std::size_t size() const { return count_; }

 private:
  NodeId insert(const Uid& uid);
  void erase(NodeId id);
  void link(NodeId id);
  void unlink(NodeId id);
  void add_dependent(NodeId owner, NodeId dependent, bool first_owner);
  void remove_dependent(NodeId owner, NodeId dependent, bool first_owner);
  void drop_if_unused(NodeId id);
  std::size_t cell_of(const Uid& uid) const;
  void grow();

  std::vector<Node> nodes_;  // [0] is unused
  std::vector<NodeId> free_;
  std::vector<NodeId> cells_;  // open addressing by uid; kNoNode = free
  std::vector<std::vector<NodeId>> dependents_;  // [0] is unused
  std::vector<std::uint32_t> free_lists_;
  std::size_t count_ = 0;
};

}  // namespace orrery::controller
