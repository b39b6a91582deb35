#include "core/scheduler/nominated_filter.h"

#include <algorithm>

#include "core/scheduler/cache_trial.h"

namespace orrery::scheduler {
namespace {

bool comes_before(const api::Pod& nominated, const api::Pod& pod) {
  return nominated.meta.uid != pod.meta.uid &&
         nominated.spec->priority.value_or(0) >= pod.spec->priority.value_or(0);
}

}  // namespace

Verdict filter_with_nominated(const Framework& framework, SchedulerCache& cache,
                              const CycleState& state, const Ref<const api::Pod>& pod,
                              NodeSlot slot) {
  const NodeInfo node = cache.node(slot);
  if (!node.nominated().empty()) {
    std::vector<Ref<const api::Pod>> before;
    for (const Ref<const api::Pod>& other : node.nominated()) {
      if (comes_before(*other, *pod)) before.push_back(other);
    }
    if (!before.empty()) {
      NodeTrial trial(cache, slot);
      for (const Ref<const api::Pod>& other : before) trial.add(other);
      Verdict verdict = framework.run_filter(state, *pod, node);
      if (!verdict.ok()) return verdict;
    }
  }
  return framework.run_filter(state, *pod, node);
}

bool NominatedFilter::concerns(NodeSlot slot) const {
  const auto nominated = cache_.node(slot).nominated();
  return std::any_of(nominated.begin(), nominated.end(), [&](const Ref<const api::Pod>& other) {
    return comes_before(*other, *pod_);
  });
}

Verdict NominatedFilter::check(NodeSlot slot) {
  if (!is_ready_) {
    NodeNames names;
    std::uint64_t narrowed_by = 0;
    const Verdict pre = framework_.run_pre_filter(state_, *pod_, names, narrowed_by);
    if (!pre.ok()) return pre;
    is_ready_ = true;
  }
  return filter_with_nominated(framework_, cache_, state_, pod_, slot);
}

}  // namespace orrery::scheduler
