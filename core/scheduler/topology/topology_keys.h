// TopologyKeys: for every node label that spreading or affinity asked about ("zone", "hostname"),
// the domain of each node as a small number. A key costs one pass over the nodes when it is first
// asked for; then the cache tells when a node's labels change.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/scheduler/node_table.h"

namespace orrery::scheduler {

using KeyId = std::uint32_t;
/// Number of a label value under one key, by first appearance; -1: the node lacks the label.
using Domain = std::int32_t;
inline constexpr Domain kNoDomain = -1;

class TopologyKeys {
 public:
  explicit TopologyKeys(const NodeTable& table);

  /// The key's number; learns the domains of all nodes when it is new.
  KeyId of(Symbol key);
  Symbol name(KeyId key) const { return keys_[key].name; }
  Domain domain(KeyId key, NodeSlot slot) const {
    const auto at = static_cast<std::size_t>(slot);
    const std::vector<Domain>& all = keys_[key].domain_of;
    return at < all.size() ? all[at] : kNoDomain;
  }
  /// Domains are below this; some may have no node (any more).
  std::size_t domain_count(KeyId key) const { return keys_[key].values.size(); }
  Symbol value(KeyId key, Domain domain) const {
    return keys_[key].values[static_cast<std::size_t>(domain)];
  }
  /// The domain of this label value, or kNoDomain if no node had it.
  Domain find(KeyId key, Symbol value) const {
    const auto found = keys_[key].by_value.find(value.id());
    return found == keys_[key].by_value.end() ? kNoDomain : found->second;
  }
  /// The domain of each node, by slot; shorter than the table where the last nodes have none.
  const std::vector<Domain>& domains(KeyId key) const { return keys_[key].domain_of; }
  /// Every node has the label.
  bool is_everywhere(KeyId key) const { return keys_[key].labelled == nodes_; }
  /// Reads the node's labels again; a node that is gone has no domain.
  void refresh(NodeSlot slot);

 private:
  struct Key {
    Symbol name;
    std::vector<Domain> domain_of;  // by slot
    std::vector<Symbol> values;     // by domain
    std::unordered_map<std::uint32_t, Domain> by_value;  // symbol id; lookup only
    std::size_t labelled = 0;                            // nodes with a domain
  };
  Domain read(Key& key, NodeSlot slot) const;

  const NodeTable& table_;
  std::vector<Key> keys_;
  std::vector<bool> has_node_;  // by slot
  std::size_t nodes_ = 0;
};

}  // namespace orrery::scheduler
