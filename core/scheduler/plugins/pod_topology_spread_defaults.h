// The selector that default topology spread constraints use for a pod without constraints of its
// own: what its Services and its controller select (helper.DefaultSelector).
#pragma once

#include <cstdint>
#include <vector>

#include "core/api/pod.h"
#include "core/api/values/selector.h"
#include "core/scheduler/cluster_objects.h"

namespace orrery::scheduler {

/// All must match; empty: nothing selects the pod, so there are no default constraints.
std::vector<api::Selector> default_selectors(const ClusterObjects& objects, const api::Pod& pod);

/// What default_selectors() read, to know cheaply whether it would still answer the same.
class DefaultSelectorInputs {
 public:
  DefaultSelectorInputs() = default;
  DefaultSelectorInputs(const ClusterObjects& objects, const api::Pod& pod);
  /// Looks again at what may have changed; false: default_selectors() may answer otherwise.
  bool still_hold(const ClusterObjects& objects, const api::Pod& pod);

 private:
  std::uint64_t services_ = 0;                // version
  std::uint64_t owners_ = 0;                  // version of the controller's kind
  Watched owner_kind_ = Watched::kCount;      // kCount: no controller of a kind that selects
  api::Shared<api::LabelSelector> selector_;  // of a ReplicaSet or StatefulSet
  bool has_owner_ = false;
};

}  // namespace orrery::scheduler
