#include "core/scheduler/topology/slot_counts.h"

#include <algorithm>
#include <utility>

namespace orrery::scheduler {

std::int32_t SlotCounts::add(NodeSlot slot, std::int32_t delta) {
  total_ += delta;
  if (!is_dense_) {
    largest_ = std::max(largest_, slot);
    if ((used_ + 1) * 2 > cells_.size()) grow();
  }
  if (is_dense_) {
    const auto at = static_cast<std::size_t>(slot);
    if (at >= dense_.size()) dense_.resize(std::max(at + 1, dense_.size() * 5 / 4), 0);
    return dense_[at] += delta;
  }
  std::size_t i = home(slot);
  while (cells_[i].slot != slot && cells_[i].slot != kNoNode) i = (i + 1) & (cells_.size() - 1);
  if (cells_[i].slot == kNoNode) {
    cells_[i].slot = slot;
    ++used_;
  }
  return cells_[i].count += delta;
}

/// Makes room: drops zeroes, doubles, or turns into an array once that is smaller.
void SlotCounts::grow() {
  const std::vector<Cell> old = std::exchange(cells_, {});
  const auto live = static_cast<std::size_t>(
      std::count_if(old.begin(), old.end(), [](const Cell& c) { return c.count != 0; }));
  std::size_t wanted = 8;
  while (wanted < (live + 1) * 4) wanted *= 2;  // few collisions: reads are what counts
  used_ = 0;
  if (wanted * 2 > static_cast<std::size_t>(largest_) && wanted > 64) {
    is_dense_ = true;
    dense_.assign(static_cast<std::size_t>(largest_) + 1, 0);
    for (const Cell& cell : old) {
      if (cell.count != 0) dense_[static_cast<std::size_t>(cell.slot)] = cell.count;
    }
    return;
  }
  cells_.assign(wanted, Cell{});
  for (const Cell& cell : old) {
    if (cell.count == 0) continue;
    std::size_t i = home(cell.slot);
    while (cells_[i].slot != kNoNode) i = (i + 1) & (cells_.size() - 1);
    cells_[i] = cell;
    ++used_;
  }
}

}  // namespace orrery::scheduler
