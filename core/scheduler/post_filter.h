// What the PostFilter plugins of a profile say together of a pod that fits nowhere (upstream's
// RunPostFilterPlugins).
#pragma once

#include <optional>
#include <string>

#include "core/scheduler/framework.h"

namespace orrery::scheduler {

struct PostFilterResult {
  /// Where the pod waits from now on; empty: nowhere; absent: as before.
  std::optional<Symbol> nominated;
  /// Goes to the end of the FitError; empty if a plugin found a way.
  std::string message;
};

PostFilterResult run_post_filters(const Ref<const api::Pod>& pod, const FailedCycle& cycle);
/// What they would say, without acting.
PostFilterResult preview_post_filters(const Ref<const api::Pod>& pod, const FailedCycle& cycle);

}  // namespace orrery::scheduler
