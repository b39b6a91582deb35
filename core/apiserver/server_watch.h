// ServerWatch: one watch on the server's side: reads the store's changes through a filter. Objects that
// come to match are ADDED, those that cease to match are DELETED, as clients expect.
#pragma once

#include <memory>
#include <vector>

#include "core/apiserver/object_filter.h"
#include "core/ports/client.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class ServerWatch {
 public:
  ServerWatch(std::unique_ptr<store::Subscription> changes, ObjectFilter filter)
      : changes_(std::move(changes)), filter_(std::move(filter)) {}

  /// Appends up to `max` events that are there. Fewer: the watch is armed and will wake its owner. An
  /// error (Expired) ends the watch.
  Status read(std::vector<WatchEvent>& out, std::size_t max);

 private:
  std::unique_ptr<store::Subscription> changes_;
  ObjectFilter filter_;
};

}  // namespace orrery::apiserver
