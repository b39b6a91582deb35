#include "core/scheduler/plugins/queue_plugins.h"

namespace orrery::scheduler {

Verdict SchedulingGates::pre_enqueue(const api::Pod& pod) const {
  if (!pod.spec || pod.spec->scheduling_gates.empty()) return {};
  std::string gates;
  for (const Symbol gate : pod.spec->scheduling_gates) {
    if (!gates.empty()) gates += ' ';
    gates += gate.view();
  }
  return {Code::kUnschedulableAndUnresolvable,
          {Symbol("waiting for scheduling gates: [" + gates + "]")}};
}

SortKey PrioritySort::sort_key(const api::Pod& pod, Time queued) const {
  const std::int64_t priority = pod.spec ? pod.spec->priority.value_or(0) : 0;
  return {-priority, queued.time_since_epoch().count()};
}

}  // namespace orrery::scheduler
