#include "core/scheduler/plugins/gang_scheduling.h"

#include <chrono>
#include <vector>

#include "core/scheduler/cache.h"

namespace orrery::scheduler {
namespace {

constexpr Duration kPermitTimeout = std::chrono::minutes(5);

}  // namespace

Verdict GangScheduling::pre_enqueue(const api::Pod& pod) const {
  const GangKey key = gang_of(pod);
  if (!key.is_set()) return {};
  const Gangs& gangs = context_.cache.gangs();
  const std::int64_t minimum = gangs.minimum(key);
  if (minimum < 0) {
    std::string text = "waiting for pods's pod group \"";
    text += key.name.view();
    text += "\" to appear in scheduling queue";
    return {Code::kUnschedulableAndUnresolvable, {Symbol(text)}};
  }
  if (gangs.created(key) >= minimum) return {};
  static const Symbol kWaiting{"waiting for minCount pods from a gang to appear in scheduling queue"};
  return {Code::kUnschedulable, {kWaiting}};
}

Verdict GangScheduling::permit(CycleState&, const api::Pod& pod, Symbol, Duration& timeout) {
  const GangKey key = gang_of(pod);
  if (!key.is_set()) return {};
  const Gangs& gangs = context_.cache.gangs();
  const std::int64_t minimum = gangs.minimum(key);
  if (gangs.placed(key) < minimum) {
    timeout = kPermitTimeout;
    static const Symbol kWaiting{"waiting for minCount pods from a gang to be scheduled"};
    return {Code::kWait, {kWaiting}};
  }
  if (!context_.waiting) return {};
  for (const Uid& uid : gangs.pods(key)) context_.waiting->allow_later(uid);
  return {};
}

PostFilterPlugin::Outcome GangScheduling::post_filter(const Ref<const api::Pod>& pod,
                                                      const FailedCycle&) {
  const GangKey key = gang_of(*pod);
  Outcome outcome;
  outcome.verdict.code = Code::kUnschedulable;
  if (!key.is_set() || !context_.waiting) return outcome;
  const Gangs& gangs = context_.cache.gangs();
  if (gangs.placed(key) >= gangs.minimum(key)) return outcome;
  const std::set<Uid> pods = gangs.pods(key);
  std::string why = "pod group \"";
  why += key.name.view();
  why += "\" could not be placed as a whole";
  for (const Uid& uid : pods) context_.waiting->reject_waiting(uid, why);
  return outcome;
}

}  // namespace orrery::scheduler
