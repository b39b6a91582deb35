// Env: what every component of a world is given, by reference: its loop, random streams, log and
// metrics. Faults are decorators over ports, not a member: a component cannot ask whether it is
// tested.
#pragma once

#include "core/base/log.h"
#include "core/base/random.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/metrics.h"

namespace orrery {

struct Env {
  EventLoop& loop;
  Random& random;
  Log& log;
  Metrics& metrics;

  Time now() const { return loop.now(); }
};

}  // namespace orrery
