#include "core/scheduler/pod_records.h"

#include "core/base/check.h"

namespace orrery::scheduler {

std::uint32_t PodRecords::find(const Uid& uid) const {
  if (cells_.empty()) return kNone;
  for (std::size_t cell = home_of(uid);; cell = (cell + 1) & (cells_.size() - 1)) {
    if (cells_[cell] == 0) return kNone;
    if (records_[cells_[cell] - 1].pod->meta.uid == uid) return cells_[cell] - 1;
  }
}

std::uint32_t PodRecords::insert(Ref<const api::Pod> pod) {
  if ((size_ + 1) * 4 > cells_.size() * 3) grow();
  std::uint32_t number;
  if (free_.empty()) {
    number = static_cast<std::uint32_t>(records_.size());
    records_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  std::size_t cell = home_of(pod->meta.uid);
  while (cells_[cell] != 0) cell = (cell + 1) & (cells_.size() - 1);
  cells_[cell] = number + 1;
  records_[number] = PodRecord{};
  records_[number].pod = std::move(pod);
  ++size_;
  return number;
}

void PodRecords::erase(std::uint32_t number) {
  const std::size_t mask = cells_.size() - 1;
  std::size_t hole = home_of(records_[number].pod->meta.uid);
  while (cells_[hole] != number + 1) hole = (hole + 1) & mask;
  // Close the gap, so that a lookup may stop at the first empty cell.
  for (std::size_t next = (hole + 1) & mask; cells_[next] != 0; next = (next + 1) & mask) {
    const std::size_t home = home_of(records_[cells_[next] - 1].pod->meta.uid);
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    cells_[hole] = cells_[next];
    hole = next;
  }
  cells_[hole] = 0;
  records_[number] = PodRecord{};
  free_.push_back(number);
  --size_;
}

void PodRecords::grow() {
  std::vector<std::uint32_t> old(cells_.empty() ? 64 : cells_.size() * 2, 0);
  old.swap(cells_);
  for (const std::uint32_t entry : old) {
    if (entry == 0) continue;
    std::size_t cell = home_of(records_[entry - 1].pod->meta.uid);
    while (cells_[cell] != 0) cell = (cell + 1) & (cells_.size() - 1);
    cells_[cell] = entry;
  }
}

std::size_t PodRecords::bytes() const {
  return records_.capacity() * sizeof(PodRecord) +
         (free_.capacity() + cells_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace orrery::scheduler
