// Coverage: the nodes that a constraint looks at, and the domain of each, for one topology key and
// one node filter. All tallies that look at the same nodes share one, so a thousand Deployments
// with the same constraint cost one number a node, not a thousand.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/topology/topology_keys.h"

namespace orrery::scheduler {

/// Whether a node counts; reads its name, labels and taints only. Empty: every node.
using NodeFilter = std::function<bool(const api::Node&)>;

class Coverage {
 public:
  Coverage(const NodeTable& table, const TopologyKeys& keys, KeyId key, NodeFilter filter);

  KeyId key() const { return key_; }
  /// The domain of a node that counts: it has the label and passes the filter. kNoDomain otherwise.
  Domain of(NodeSlot slot) const {
    if (!filter_) return keys_.domain(key_, slot);
    const auto at = static_cast<std::size_t>(slot);
    return at < covered_.size() ? covered_[at] : kNoDomain;
  }
  /// Domains with at least one node that counts.
  std::size_t domains() const { return domains_; }
  bool has_domain(Domain domain) const {
    const auto i = static_cast<std::size_t>(domain);
    return domain >= 0 && i < nodes_.size() && nodes_[i] > 0;
  }

  /// The node is about to change, before TopologyKeys knows; or has changed, after it.
  void withdraw(NodeSlot slot);
  void deposit(NodeSlot slot);

 private:
  const NodeTable& table_;
  const TopologyKeys& keys_;
  KeyId key_;
  NodeFilter filter_;
  std::vector<Domain> covered_;      // by slot; unused without a filter
  std::vector<std::int32_t> nodes_;  // by domain: nodes that count
  std::size_t domains_ = 0;
};

/// The coverages in use. They must not outlive it.
class Coverages {
 public:
  Coverages(const NodeTable& table, const TopologyKeys& keys) : table_(table), keys_(keys) {}
  Coverages(const Coverages&) = delete;
  Coverages& operator=(const Coverages&) = delete;

  /// `identity`: equal texts mean equal filters.
  std::shared_ptr<const Coverage> of(KeyId key, NodeFilter filter, const std::string& identity);
  void withdraw(NodeSlot slot);
  void deposit(NodeSlot slot);
  std::size_t size() const { return all_.size(); }

 private:
  const NodeTable& table_;
  const TopologyKeys& keys_;
  std::unordered_map<std::string, std::weak_ptr<const Coverage>> known_;  // lookup only
  std::vector<Coverage*> all_;
};

}  // namespace orrery::scheduler
