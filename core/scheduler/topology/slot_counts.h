// SlotCounts: a number for each node, most of them 0. Small ones are a hash table of the nodes that
// are not 0, large ones an array; so a count for each of a thousand Deployments on a hundred
// thousand nodes costs what its pods cost, and a count of everything costs four bytes a node.
#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/pod_records.h"

namespace orrery::scheduler {

class SlotCounts {
 public:
  std::int32_t get(NodeSlot slot) const {
    if (is_dense_) {
      const auto at = static_cast<std::size_t>(slot);
      return at < dense_.size() ? dense_[at] : 0;
    }
    if (cells_.empty()) return 0;
    for (std::size_t i = home(slot);; i = (i + 1) & (cells_.size() - 1)) {
      if (cells_[i].slot == slot) return cells_[i].count;
      if (cells_[i].slot == kNoNode) return 0;
    }
  }
  /// Returns what the node has now.
  std::int32_t add(NodeSlot slot, std::int32_t delta);
  /// Sum of all.
  std::int64_t total() const { return total_; }
  template <class F>  // F(NodeSlot, count): those that are not 0; order without meaning
  void for_each(F&& visit) const {
    if (is_dense_) {
      for (std::size_t i = 0; i < dense_.size(); ++i) {
        if (dense_[i] != 0) visit(static_cast<NodeSlot>(i), dense_[i]);
      }
      return;
    }
    for (const Cell& cell : cells_) {
      if (cell.slot != kNoNode && cell.count != 0) visit(cell.slot, cell.count);
    }
  }
  std::size_t bytes() const { return cells_.capacity() * sizeof(Cell) + dense_.capacity() * 4; }

 private:
  struct Cell {
    NodeSlot slot = kNoNode;  // stays when the count falls to 0
    std::int32_t count = 0;
  };
  std::size_t home(NodeSlot slot) const {
    return (static_cast<std::uint32_t>(slot) * 2654435769u >> 7) & (cells_.size() - 1);
  }
  void grow();

  std::vector<Cell> cells_;  // a power of two, at most half of it used; linear probing
  std::vector<std::int32_t> dense_;
  std::size_t used_ = 0;
  NodeSlot largest_ = 0;
  std::int64_t total_ = 0;
  bool is_dense_ = false;
};

}  // namespace orrery::scheduler
