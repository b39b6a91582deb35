#include "core/apiserver/server_watch.h"

namespace orrery::apiserver {
namespace {

// The state that ceased to match, with the revision of the change.
api::ObjectRef last_match(const store::Change& change) {
  Ref<api::Object> last = change.before->clone();
  last->meta.resource_version = change.revision;
  return last;
}

}  // namespace

Status ServerWatch::read(std::vector<WatchEvent>& out, std::size_t max) {
  while (shown_ < initial_.size() && out.size() < max) {
    api::ObjectRef& object = initial_[shown_++];
    const api::Revision revision = object->meta.resource_version;
    out.push_back({WatchType::kAdded, std::move(object), revision});
  }
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
      const bool removed = change->type == WatchType::kDeleted;
      out.push_back({WatchType::kDeleted, removed ? change->now : last_match(*change),
                     change->revision});
    }
  }
  return Status();
}

}  // namespace orrery::apiserver
