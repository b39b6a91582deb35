// Tally: how many of some pods stand in each domain of one topology key, counted over the nodes
// that a constraint looks at; with the least count of all domains. Kept up to date pod by pod and
// node by node, so reading it costs nothing: what PodTopologySpread and InterPodAffinity ask.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/scheduler/topology/coverage.h"
#include "core/scheduler/topology/slot_counts.h"

namespace orrery::scheduler {

class Tally {
 public:
  /// `counts`: the pods by node; outlives the tally, whose owner passes on every change.
  Tally(const TopologyKeys& keys, std::shared_ptr<const Coverage> coverage,
        const SlotCounts& counts);

  KeyId key() const { return coverage_->key(); }
  /// The node counts: it has the label and passes the filter.
  bool covers(NodeSlot slot) const { return coverage_->of(slot) != kNoDomain; }
  /// Pods in the domain of this node (also of a node that does not count itself); 0 if it lacks
  /// the label.
  std::int64_t at(NodeSlot slot) const { return in(keys_.domain(coverage_->key(), slot)); }
  std::int64_t in(Domain domain) const { return domain < 0 ? 0 : sums_.get(domain); }
  /// Domains with at least one node that counts.
  std::size_t domains() const { return coverage_->domains(); }
  bool has_domain(Domain domain) const { return coverage_->has_domain(domain); }
  /// The least number of pods over these domains; 0 if there are none.
  std::int64_t least() const {
    return occupied_ == 0 || occupied_ < coverage_->domains() ? 0 : least_;
  }
  /// Pods on all nodes that count.
  std::int64_t total() const { return sums_.total(); }

  /// `delta` pods came to (left) this node.
  void add(NodeSlot slot, std::int32_t delta);
  /// The node is about to change (before its coverage is told), or has changed (after). Its pods
  /// stay counted in `counts` meanwhile.
  void withdraw(NodeSlot slot) { add(slot, -counts_.get(slot)); }
  void deposit(NodeSlot slot) { add(slot, counts_.get(slot)); }
  std::size_t bytes() const { return sums_.bytes() + domains_with_.capacity() * 4; }

 private:
  const TopologyKeys& keys_;
  std::shared_ptr<const Coverage> coverage_;
  const SlotCounts& counts_;
  SlotCounts sums_;                         // by domain; only domains with nodes have pods
  std::vector<std::int32_t> domains_with_;  // by number of pods, from 1: domains that have so many
  std::size_t occupied_ = 0;                // domains with pods
  std::int32_t least_ = 0;                  // of these
};

}  // namespace orrery::scheduler
