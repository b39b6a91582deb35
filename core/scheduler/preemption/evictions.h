// Evictions: makes room for a preemptor (upstream's preemption executor): victims that wait in
// Permit are turned away, the others get the condition DisruptionTarget and are then deleted; lower
// nominations to the node are taken back. Knows which deletions are on their way, so that nobody
// preempts again meanwhile. DefaultPreemption calls it.
#pragma once

#include <memory>
#include <set>

#include "core/api/pod.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class Evictions {
 public:
  explicit Evictions(const PluginContext& context)
      : context_(context), on_their_way_(std::make_shared<std::set<Uid>>()) {}

  void evict(const Ref<const api::Pod>& victim, const api::Pod& for_pod, Symbol node);
  /// The pod loses its room, in the cache at once and then in its status.
  void withdraw_nomination(const Ref<const api::Pod>& pod);
  /// A scheduler has deleted this pod to make room, or is about to.
  bool is_going(const api::Pod& pod) const;

 private:
  void tell(const api::Pod& victim, const api::Pod& for_pod, Symbol node);

  PluginContext context_;
  std::shared_ptr<std::set<Uid>> on_their_way_;  // shared with callbacks
};

}  // namespace orrery::scheduler
