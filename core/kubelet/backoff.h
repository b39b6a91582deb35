// Backoff: how long a failing container or image waits, as client-go's flowcontrol.Backoff does it:
// the delay doubles with each try, and starts anew when nothing was tried for twice the maximum.
// One value an item; the policy is shared. Pure: the caller says what time it is.
#pragma once

#include "core/base/time.h"

namespace orrery::kubelet {

struct Backoff {
  Duration delay{};  // zero: never failed
  Time updated;      // when the last try began
};

struct BackoffPolicy {
  Duration base{};
  Duration max{};

  /// When an item whose last failure was at `event` may be tried again (IsInBackOffSince).
  Time allowed_at(const Backoff& item, Time event) const;
  /// Counts a try at `now` for a failure at `event` (Next).
  void next(Backoff& item, Time event, Time now) const;

 private:
  bool has_expired(const Backoff& item, Time event) const { return event - item.updated > 2 * max; }
};

}  // namespace orrery::kubelet
