// WatchLog: the newest changes of one kind, in revision order, for watchers to read at their own
// pace. It keeps at least `events_min`, and more while a reader still needs them, up to
// `events_max`; a reader that falls behind that is expired (410 Gone) and must list again.
#pragma once

#include <cstdint>
#include <deque>

#include "core/ports/client.h"

namespace orrery::store {

struct Change {
  api::Revision revision = 0;
  WatchType type = WatchType::kAdded;
  api::ObjectRef now;     // DELETED: the last state, with the deletion's revision
  api::ObjectRef before;  // null for ADDED
};

class WatchLog {
 public:
  struct Limits {
    std::size_t events_min = 4096;
    std::size_t events_max = 1u << 20;
  };
  explicit WatchLog(Limits limits) : limits_(limits) {}

  void append(Change change) { changes_.push_back(std::move(change)); }
  /// Position of the next change to come; positions only grow.
  std::uint64_t end() const { return first_ + changes_.size(); }
  std::uint64_t begin() const { return first_; }
  const Change& at(std::uint64_t position) const { return changes_[position - first_]; }
  /// Changes at or before this revision may be gone.
  api::Revision compacted() const { return compacted_; }
  void set_compacted(api::Revision revision) { compacted_ = revision; }
  /// The position of the first change after `revision`.
  std::uint64_t after(api::Revision revision) const;
  bool wants_trim() const { return changes_.size() >= limits_.events_min * 2; }
  /// Drops what no reader at or after `needed` wants, and whatever is over events_max.
  void trim(std::uint64_t needed);

 private:
  Limits limits_;
  std::deque<Change> changes_;
  std::uint64_t first_ = 0;
  api::Revision compacted_ = 0;
};

}  // namespace orrery::store
