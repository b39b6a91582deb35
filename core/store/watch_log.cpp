#include "core/store/watch_log.h"

#include <algorithm>

namespace orrery::store {

std::uint64_t WatchLog::after(api::Revision revision) const {
  const auto it = std::upper_bound(
      changes_.begin(), changes_.end(), revision,
      [](api::Revision r, const Change& change) { return r < change.revision; });
  return first_ + static_cast<std::uint64_t>(it - changes_.begin());
}

void WatchLog::trim(std::uint64_t needed) {
  while (changes_.size() > limits_.events_min &&
         (first_ < needed || changes_.size() > limits_.events_max)) {
    compacted_ = changes_.front().revision;
    changes_.pop_front();
    ++first_;
  }
}

}  // namespace orrery::store
