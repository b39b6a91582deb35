// SchedulingGates and PrioritySort: who may enter the queue, and in which order it is served.
#pragma once

#include "core/scheduler/plugin.h"

namespace orrery::scheduler {

class SchedulingGates final : public Plugin, public PreEnqueuePlugin {
 public:
  std::string_view name() const override { return "SchedulingGates"; }
  EventMask events() const override { return 0; }  // an update of the pod itself enqueues it again
  bool sign(const api::Pod&, Signature&) override { return true; }
  /// waiting for scheduling gates: [a b]
  Verdict pre_enqueue(const api::Pod& pod) const override;
};

class PrioritySort final : public Plugin, public QueueSortPlugin {
 public:
  std::string_view name() const override { return "PrioritySort"; }
  EventMask events() const override { return 0; }
  bool sign(const api::Pod&, Signature&) override { return true; }
  /// Higher spec.priority first, then the longest in the queue.
  SortKey sort_key(const api::Pod& pod, Time queued) const override;
};

}  // namespace orrery::scheduler
