// LabelBuckets: numbered items that nodes with certain labels may use (volumes with node affinity,
// storage capacities), so that a node looks only at those that its own labels allow. Items without
// such a condition are in everyone's list. What a node gets may still not match in full.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/api/pod_spec.h"
#include "core/api/values/labels.h"

namespace orrery::scheduler {

class LabelBuckets {
 public:
  /// For nodes where `key` has one of these values.
  template <class Values>
  void add(Symbol key, const Values& values, std::uint32_t item) {
    bool known = false;
    for (const Symbol k : keys_) known = known || k == key;
    if (!known) keys_.push_back(key);
    for (const Symbol value : values) {
      std::vector<std::uint32_t>& list = lists_[id_of(key, value)];
      if (list.empty() || list.back() != item) list.push_back(item);
    }
  }
  void add_everywhere(std::uint32_t item) { everywhere_.push_back(item); }
  /// By the selector's first In requirement, if it has one term only.
  void add(const api::NodeSelector* selector, std::uint32_t item) {
    if (selector && selector->node_selector_terms.size() == 1) {
      for (const api::NodeSelectorRequirement& r :
           selector->node_selector_terms[0].match_expressions) {
        if (r.operator_ == "In") return add(r.key, r.values, item);
      }
    }
    add_everywhere(item);
  }
  /// Calls visit(list) for each list of the node; items ascend within a list.
  template <class F>
  void for_each_list(const api::Labels& labels, F&& visit) const {
    if (!everywhere_.empty()) visit(std::span<const std::uint32_t>(everywhere_));
    for (const Symbol key : keys_) {
      const Symbol* value = labels.find(key);
      if (!value) continue;
      const auto found = lists_.find(id_of(key, *value));
      if (found != lists_.end()) visit(std::span<const std::uint32_t>(found->second));
    }
  }

 private:
  static std::uint64_t id_of(Symbol key, Symbol value) {
    return std::uint64_t{key.id()} << 32 | value.id();
  }
  std::vector<Symbol> keys_;
  std::vector<std::uint32_t> everywhere_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> lists_;  // lookup only
};

}  // namespace orrery::scheduler
