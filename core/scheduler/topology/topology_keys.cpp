#include "core/scheduler/topology/topology_keys.h"

namespace orrery::scheduler {

TopologyKeys::TopologyKeys(const NodeTable& table) : table_(table) {
  for (std::size_t i = 0; i < table.slots(); ++i) refresh(static_cast<NodeSlot>(i));
}

KeyId TopologyKeys::of(Symbol key) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name == key) return static_cast<KeyId>(i);
  }
  Key& made = keys_.emplace_back();
  made.name = key;
  made.domain_of.resize(table_.slots(), kNoDomain);
  for (std::size_t i = 0; i < made.domain_of.size(); ++i) {
    made.domain_of[i] = read(made, static_cast<NodeSlot>(i));
    made.labelled += made.domain_of[i] != kNoDomain;
  }
  return static_cast<KeyId>(keys_.size() - 1);
}

Domain TopologyKeys::read(Key& key, NodeSlot slot) const {
  const NodeRow& row = table_.row(slot);
  if (!row.in_use || !row.node) return kNoDomain;
  const Symbol* value = row.node->meta.labels->find(key.name);
  if (!value) return kNoDomain;
  const auto [at, is_new] =
      key.by_value.emplace(value->id(), static_cast<Domain>(key.values.size()));
  if (is_new) key.values.push_back(*value);
  return at->second;
}

void TopologyKeys::refresh(NodeSlot slot) {
  const auto at = static_cast<std::size_t>(slot);
  if (at >= has_node_.size()) has_node_.resize(table_.slots(), false);
  const NodeRow& row = table_.row(slot);
  const bool has_node = row.in_use && row.node;
  nodes_ += has_node;
  nodes_ -= has_node_[at];
  has_node_[at] = has_node;
  for (Key& key : keys_) {
    if (at >= key.domain_of.size()) key.domain_of.resize(table_.slots(), kNoDomain);
    key.labelled -= key.domain_of[at] != kNoDomain;
    key.domain_of[at] = read(key, slot);
    key.labelled += key.domain_of[at] != kNoDomain;
  }
}

}  // namespace orrery::scheduler
