#include "core/apiserver/server_watch.h"

namespace orrery::apiserver {

Status ServerWatch::read(std::vector<WatchEvent>& out, std::size_t max) {
  while (out.size() < max) {
    if (changes_->is_expired()) {
      return Status(Reason::kExpired, "too old resource version: the watch fell behind");
    }
    const store::Change* change = changes_->next();
    if (!change) return Status();
    const bool is = change->type != WatchType::kDeleted && filter_.matches(*change->now);
    const bool was = change->before && filter_.matches(*change->before);
    if (is) {
      out.push_back({was ? WatchType::kModified : WatchType::kAdded, change->now,
                     change->revision});
    } else if (was) {
      out.push_back({WatchType::kDeleted, change->now, change->revision});
    }
  }
  return Status();
}

}  // namespace orrery::apiserver
