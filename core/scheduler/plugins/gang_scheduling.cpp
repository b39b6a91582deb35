#include "core/scheduler/plugins/gang_scheduling.h"

#include <chrono>

#include "core/scheduler/cache.h"

namespace orrery::scheduler {
namespace {

constexpr Duration kPermitTimeout = std::chrono::minutes(5);

}  // namespace

bool GangScheduling::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (!(event.kinds & events::kAssignedPodDelete) || !event.old_pod) return true;
  const GangKey mine = gang_of(pod), theirs = gang_of(*event.old_pod);
  return mine < theirs || theirs < mine;
}

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
  static const Symbol kWaiting{
      "waiting for minCount pods from a gang to appear in scheduling queue"};
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

}  // namespace orrery::scheduler
