// Attempts of pods that belong to a group with a minimum: all that can be tried are tried in one
// go, so that two groups never hold a part of each other's room.
#include <algorithm>

#include "core/scheduler/scheduler.h"

namespace orrery::scheduler {

/// Attempts this pod, and with it those of its group; returns how many.
std::size_t Scheduler::attempt_next(QueuedPod queued) {
  const Gangs& gangs = cache_.gangs();
  const GangKey key = gang_of(*queued.pod);
  if (!key.is_set() || gangs.minimum(key) <= 0) {
    attempt(std::move(queued));
    return 1;
  }
  std::vector<QueuedPod> members = queue_.take(gangs.pods(key));
  members.insert(members.begin(), std::move(queued));
  std::vector<Uid> attempted;
  for (const QueuedPod& member : members) attempted.push_back(member.pod->meta.uid);
  gang_attempt_ = ++gang_attempts_;
  for (QueuedPod& member : members) attempt(std::move(member));
  give_up_gang(key, attempted);
  gang_attempt_ = 0;
  return attempted.size();
}

/// Turns away the pods of the group that wait in Permit if the minimum is out of reach: too many of
/// the others were tried and have neither a place nor the hope of one.
void Scheduler::give_up_gang(const GangKey& key, const std::vector<Uid>& attempted) {
  const Gangs& gangs = cache_.gangs();
  const std::int64_t minimum = gangs.minimum(key);
  if (gangs.placed(key) >= minimum) return;
  const std::int64_t hopeless =
      std::count_if(attempted.begin(), attempted.end(), [&](const Uid& uid) {
        return !cache_.knows_pod(uid) && cache_.nominated_node(uid).empty();
      });
  if (gangs.created(key) - hopeless >= minimum) return;
  const std::string why = "pod group \"" + key.name.str() + "\" could not be placed as a whole";
  const std::set<Uid> pods = gangs.pods(key);
  for (const Uid& uid : pods) reject_waiting(uid, why);
}

/// More pods of the group exist, or the group itself does or has changed.
void Scheduler::retry_gang(const GangKey& key) {
  const Gangs& gangs = cache_.gangs();
  const std::int64_t minimum = gangs.minimum(key);
  if (minimum < 0 || gangs.created(key) < minimum) return;
  const bool is_complete = gangs.placed(key) >= minimum;
  for (const Uid& uid : gangs.pods(key)) {
    queue_.retry_gated(uid, env_.now());
    if (is_complete) allow_later(uid);
  }
  wake();
}

}  // namespace orrery::scheduler
