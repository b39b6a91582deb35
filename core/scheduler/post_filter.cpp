#include "core/scheduler/post_filter.h"

#include "core/scheduler/fit_error.h"

namespace orrery::scheduler {

PostFilterResult run_post_filters(const Ref<const api::Pod>& pod, const FailedCycle& cycle) {
  PostFilterResult result;
  for (PostFilterPlugin* plugin : cycle.framework.post_filters()) {
    const auto outcome = plugin->post_filter(pod, cycle);
    if (outcome.verdict.ok()) return {outcome.nominated_node, {}};
    if (outcome.clears_nomination) result.nominated = Symbol();
    std::string message = message_of(outcome.verdict);
    if (outcome.verdict.code != Code::kUnschedulable) {  // the last word
      result.message = std::move(message);
      return result;
    }
    if (message.empty()) continue;
    if (!result.message.empty()) result.message += ", ";
    result.message += message;
  }
  return result;
}

}  // namespace orrery::scheduler
