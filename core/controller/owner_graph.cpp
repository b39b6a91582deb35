#include "core/controller/owner_graph.h"

#include <algorithm>

#include "core/base/check.h"

namespace orrery::controller {

OwnerGraph::OwnerGraph() : nodes_(1), cells_(64, kNoNode), dependents_(1) {}

std::size_t OwnerGraph::cell_of(const Uid& uid) const {
  const std::size_t mask = cells_.size() - 1;
  std::size_t cell = uid.hash() & mask;
  while (cells_[cell] != kNoNode && nodes_[cells_[cell]].uid != uid) cell = (cell + 1) & mask;
  return cell;
}

OwnerGraph::NodeId OwnerGraph::find(const Uid& uid) const { return cells_[cell_of(uid)]; }

void OwnerGraph::grow() {
  std::vector<NodeId> old(cells_.size() * 2, kNoNode);
  old.swap(cells_);
  for (const NodeId id : old) {
    if (id != kNoNode) cells_[cell_of(nodes_[id].uid)] = id;
  }
}

OwnerGraph::NodeId OwnerGraph::insert(const Uid& uid) {
  if ((count_ + 1) * 4 > cells_.size() * 3) grow();
  NodeId id;
  if (free_.empty()) {
    id = static_cast<NodeId>(nodes_.size());
    nodes_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  nodes_[id].uid = uid;
  cells_[cell_of(uid)] = id;
  ++count_;
  return id;
}

void OwnerGraph::erase(NodeId id) {
  const std::size_t mask = cells_.size() - 1;
  std::size_t hole = cell_of(nodes_[id].uid);
  cells_[hole] = kNoNode;
  // Close the gap: whatever probed past it moves back.
  for (std::size_t next = (hole + 1) & mask; cells_[next] != kNoNode; next = (next + 1) & mask) {
    const std::size_t home = nodes_[cells_[next]].uid.hash() & mask;
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      cells_[hole] = cells_[next];
      cells_[next] = kNoNode;
      hole = next;
    }
  }
  if (nodes_[id].dependents != 0) {
    dependents_[nodes_[id].dependents] = {};
    free_lists_.push_back(nodes_[id].dependents);
  }
  nodes_[id] = Node{};
  free_.push_back(id);
  --count_;
}

void OwnerGraph::add_dependent(NodeId owner, NodeId dependent, bool first_owner) {
  if (nodes_[owner].dependents == 0) {
    if (free_lists_.empty()) {
      nodes_[owner].dependents = static_cast<std::uint32_t>(dependents_.size());
      dependents_.emplace_back();
    } else {
      nodes_[owner].dependents = free_lists_.back();
      free_lists_.pop_back();
    }
  }
  auto& list = dependents_[nodes_[owner].dependents];
  if (first_owner) nodes_[dependent].position = static_cast<std::uint32_t>(list.size());
  list.push_back(dependent);
}

void OwnerGraph::remove_dependent(NodeId owner, NodeId dependent, bool first_owner) {
  auto& list = dependents_[nodes_[owner].dependents];
  std::size_t at = nodes_[dependent].position;
  if (!first_owner) {
    at = static_cast<std::size_t>(std::find(list.begin(), list.end(), dependent) - list.begin());
  }
  CHECK(at < list.size() && list[at] == dependent);
  const NodeId moved = list.back();
  list[at] = moved;
  list.pop_back();
  if (moved == dependent) return;
  if (nodes_[moved].owners.front().uid == nodes_[owner].uid) {
    nodes_[moved].position = static_cast<std::uint32_t>(at);
  }
}

void OwnerGraph::link(NodeId id) {
  const api::List<api::OwnerReference> owners = nodes_[id].owners;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    NodeId owner = find(owners[i].uid);
    if (owner == kNoNode) {
      owner = insert(owners[i].uid);
      nodes_[owner].name = owners[i].name;
    }
    add_dependent(owner, id, i == 0);
  }
}

void OwnerGraph::unlink(NodeId id) {
  const api::List<api::OwnerReference> owners = nodes_[id].owners;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const NodeId owner = find(owners[i].uid);
    remove_dependent(owner, id, i == 0);
    if (owner != id) drop_if_unused(owner);
  }
  nodes_[id].owners = {};
}

void OwnerGraph::drop_if_unused(NodeId id) {
  const Node& node = nodes_[id];
  if (!dependents(id).empty()) return;
  if (node.is_absent() || (node.owners.empty() && !node.deleting)) erase(id);
}

namespace {

bool same_owners(const api::List<api::OwnerReference>& a,
                 const api::List<api::OwnerReference>& b) {
  return a.same(b) || a == b;
}

// An owner named twice is one edge.
api::List<api::OwnerReference> distinct(const api::List<api::OwnerReference>& owners) {
  if (owners.size() < 2) return owners;
  std::vector<api::OwnerReference> out;
  for (const api::OwnerReference& o : owners) {
    const bool seen = std::any_of(out.begin(), out.end(),
                                  [&](const api::OwnerReference& p) { return p.uid == o.uid; });
    if (!seen) out.push_back(o);
  }
  return out.size() == owners.size() ? owners : api::List<api::OwnerReference>(std::move(out));
}

}  // namespace

OwnerGraph::NodeId OwnerGraph::observe(const api::Object& object) {
  const api::ObjectMeta& meta = object.meta;
  NodeId id = find(meta.uid);
  if (id == kNoNode) {
    if (meta.owner_references.empty() && !meta.is_being_deleted()) return kNoNode;
    id = insert(meta.uid);
  }
  nodes_[id].name = meta.name;
  nodes_[id].namespace_ = meta.namespace_;
  nodes_[id].kind = object.kind;
  nodes_[id].gone = false;
  nodes_[id].deleting = meta.is_being_deleted();
  nodes_[id].deleting_dependents =
      meta.is_being_deleted() && api::has_finalizer(meta, "foregroundDeletion");
  const api::List<api::OwnerReference> owners = distinct(meta.owner_references);
  if (!same_owners(nodes_[id].owners, owners)) {
    unlink(id);
    nodes_[id].owners = owners;
    link(id);
  }
  drop_if_unused(id);
  return nodes_[id].uid == meta.uid ? id : kNoNode;
}

void OwnerGraph::forget(const Uid& uid) {
  const NodeId id = find(uid);
  if (id == kNoNode) return;
  unlink(id);
  nodes_[id].kind = api::KindId::kNone;
  nodes_[id].gone = true;
  nodes_[id].deleting = nodes_[id].deleting_dependents = false;
  drop_if_unused(id);
}

void OwnerGraph::mark_gone(const Uid& uid) {
  const NodeId id = find(uid);
  if (id != kNoNode && nodes_[id].is_absent()) nodes_[id].gone = true;
}

std::span<const OwnerGraph::NodeId> OwnerGraph::dependents(NodeId id) const {
  return dependents_[nodes_[id].dependents];
}

const api::OwnerReference* OwnerGraph::reference(NodeId id, const Uid& owner) const {
  for (const api::OwnerReference& o : nodes_[id].owners) {
    if (o.uid == owner) return &o;
  }
  return nullptr;
}

std::vector<OwnerGraph::NodeId> OwnerGraph::blocking_dependents(NodeId id) const {
  std::vector<NodeId> out;
  for (const NodeId dependent : dependents(id)) {
    const api::OwnerReference* r = reference(dependent, nodes_[id].uid);
    if (r && r->block_owner_deletion.value_or(false)) out.push_back(dependent);
  }
  return out;
}

}  // namespace orrery::controller
