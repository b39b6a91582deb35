#include "core/kubelet/backoff.h"

#include <algorithm>

namespace orrery::kubelet {

Time BackoffPolicy::allowed_at(const Backoff& item, Time event) const {
  if (item.delay == Duration{0} || has_expired(item, event)) return event;
  return event + item.delay;
}

void BackoffPolicy::next(Backoff& item, Time event, Time now) const {
  if (item.delay == Duration{0} || has_expired(item, event)) {
    item.delay = base;
  } else {
    item.delay = std::min(item.delay * 2, max);
  }
  item.updated = now;
}

}  // namespace orrery::kubelet
