#include "core/scheduler/post_filter.h"

#include "core/scheduler/fit_error.h"

namespace orrery::scheduler {
namespace {

template <class Ask>  // Outcome(PostFilterPlugin&)
PostFilterResult ask_all(const FailedCycle& cycle, Ask&& ask) {
  PostFilterResult result;
  for (PostFilterPlugin* plugin : cycle.framework.post_filters()) {
    const PostFilterPlugin::Outcome outcome = ask(*plugin);
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

}  // namespace

PostFilterResult run_post_filters(const Ref<const api::Pod>& pod, const FailedCycle& cycle) {
  return ask_all(cycle, [&](PostFilterPlugin& p) { return p.post_filter(pod, cycle); });
}

PostFilterResult preview_post_filters(const Ref<const api::Pod>& pod, const FailedCycle& cycle) {
  return ask_all(cycle, [&](PostFilterPlugin& p) { return p.preview(pod, cycle); });
}

}  // namespace orrery::scheduler
