// ServerWatch: one watch on the server's side: reads the store's changes through a filter. Objects
// that come to match are ADDED, those that cease to match are DELETED, as clients expect.
#pragma once

#include <memory>
#include <vector>

#include "core/apiserver/object_filter.h"
#include "core/ports/client.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class ServerWatch {
 public:
  /// `initial`: what the watcher is shown first, as ADDED.
  ServerWatch(std::unique_ptr<store::Subscription> changes, ObjectFilter filter,
              std::vector<api::ObjectRef> initial)
      : changes_(std::move(changes)), filter_(std::move(filter)), initial_(std::move(initial)) {}

  /// Appends up to `max` events that are there. Fewer: the watch is armed and will wake its owner.
  /// An error (Expired) ends the watch.
  Status read(std::vector<WatchEvent>& out, std::size_t max);
  /// Initial objects that read() has not given yet.
  bool has_initial_left() const { return shown_ < initial_.size(); }
  /// A BOOKMARK of how far the watch has read; its object is null.
  WatchEvent bookmark() const { return {WatchType::kBookmark, {}, changes_->revision()}; }

 private:
  std::unique_ptr<store::Subscription> changes_;
  ObjectFilter filter_;
  std::vector<api::ObjectRef> initial_;
  std::size_t shown_ = 0;  // of initial_
};

}  // namespace orrery::apiserver
