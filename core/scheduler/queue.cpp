#include "core/scheduler/queue.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/scheduler/fit_error.h"

namespace orrery::scheduler {
namespace {

/// Orders a heap so that its front is the item to take first.
constexpr auto kActiveLater = [](const auto& a, const auto& b) {
  return a.key != b.key ? a.key > b.key : a.at.ticket > b.at.ticket;
};
constexpr auto kBackoffLater = [](const auto& a, const auto& b) {
  if (a.expiry != b.expiry) return a.expiry > b.expiry;
  return a.key != b.key ? a.key > b.key : a.at.ticket > b.at.ticket;
};

/// Back-off ends are aligned down to windows of one second, so that pods of one window are taken by
/// priority (backoffQOrderingWindowDuration).
Time window_of(Time t) { return truncate_to_second(t); }

bool may_matter(const api::Pod& old, const api::Pod& now) {
  return !(old.spec == now.spec) || !(old.meta.labels == now.meta.labels) ||
         !(old.meta.annotations == now.meta.annotations);
}

}  // namespace

std::size_t& SchedulingQueue::count_of(Place place) {
  switch (place) {
    case Place::kActive:
      return active_count_;
    case Place::kBackoff:
      return backoff_count_;
    case Place::kErrorBackoff:
      return error_backoff_count_;
    case Place::kUnschedulable:
      return unschedulable_count_;
    case Place::kGated:
      break;
  }
  return gated_count_;
}

void SchedulingQueue::enter(std::uint32_t slot, Place place, Time now) {
  Slot& s = slots_[slot];
  s.place = place;
  s.ticket = ++tickets_;
  ++count_of(place);
  const Ticket at{slot, s.ticket};
  const QueuedPod& q = s.queued;
  if (place == Place::kActive) {
    active_.push_back({q.framework->sort_key(*q.pod, q.queued), at});
    std::push_heap(active_.begin(), active_.end(), kActiveLater);
  } else if (place == Place::kBackoff || place == Place::kErrorBackoff) {
    auto& heap = place == Place::kBackoff ? backoff_ : error_backoff_;
    heap.push_back({backoff_expiry(q), q.framework->sort_key(*q.pod, q.queued), at});
    std::push_heap(heap.begin(), heap.end(), kBackoffLater);
  } else if (place == Place::kUnschedulable) {
    unschedulable_[{q.class_id, q.rejected_by, q.class_id == 0 ? s.ticket : 0}].push_back(at);
    if (next_flush_ == kNever) next_flush_ = now + kFlushPeriod;
  }
}

void SchedulingQueue::leave(std::uint32_t slot) {
  --count_of(slots_[slot].place);
  slots_[slot].ticket = 0;
}

void SchedulingQueue::release(std::uint32_t slot) {
  leave(slot);
  index_.erase(slots_[slot].queued.pod->meta.uid);
  slots_[slot] = Slot{};
  free_.push_back(slot);
  drop_void();
}

/// Keeps the heaps from filling with entries of pods that left in other ways than by popping.
void SchedulingQueue::drop_void() {
  if (active_.size() > 2 * active_count_ + 64) {
    std::erase_if(active_, [&](const ActiveItem& i) { return !is_current(i.at); });
    std::make_heap(active_.begin(), active_.end(), kActiveLater);
  }
  const auto sweep = [&](std::vector<BackoffItem>& heap, std::size_t live) {
    if (heap.size() <= 2 * live + 64) return;
    std::erase_if(heap, [&](const BackoffItem& i) { return !is_current(i.at); });
    std::make_heap(heap.begin(), heap.end(), kBackoffLater);
  };
  sweep(backoff_, backoff_count_);
  sweep(error_backoff_, error_backoff_count_);
}

void SchedulingQueue::add(const Ref<const api::Pod>& pod, const Framework& framework, Time now) {
  const auto known = index_.find(pod->meta.uid);
  if (known != index_.end()) {
    update(known->second, pod, now);
    return;
  }
  std::uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  index_.emplace(pod->meta.uid, slot);
  Slot& s = slots_[slot];
  s.in_use = true;
  s.queued.pod = pod;
  s.queued.framework = &framework;
  s.queued.queued = s.queued.first_queued = now;
  enter(slot, framework.run_pre_enqueue(*pod).ok() ? Place::kActive : Place::kGated, now);
}

void SchedulingQueue::update(std::uint32_t slot, const Ref<const api::Pod>& pod, Time now) {
  Slot& s = slots_[slot];
  const Ref<const api::Pod> old = std::exchange(s.queued.pod, pod);
  if (!may_matter(*old, *pod)) return;
  s.queued.class_id = 0;
  if (s.place == Place::kGated) {
    if (!s.queued.framework->run_pre_enqueue(*pod).ok()) return;
    leave(slot);
    enter(slot, Place::kActive, now);
  } else if (s.place == Place::kUnschedulable) {
    move(slot, now);
  } else if (!(old->spec->priority == pod->spec->priority)) {
    leave(slot);
    enter(slot, s.place, now);
  }
}

void SchedulingQueue::retry_gated(const Uid& uid, Time now) {
  const auto known = index_.find(uid);
  if (known == index_.end()) return;
  Slot& s = slots_[known->second];
  if (s.place != Place::kGated || !s.queued.framework->run_pre_enqueue(*s.queued.pod).ok()) return;
  leave(known->second);
  enter(known->second, Place::kActive, now);
}

void SchedulingQueue::remove(const Uid& uid) {
  const auto known = index_.find(uid);
  if (known != index_.end()) release(known->second);
}

bool SchedulingQueue::has_ready(Time now) {
  flush(now);
  return active_count_ > 0 || (options_.pop_from_backoff && backoff_count_ > 0);
}

std::optional<QueuedPod> SchedulingQueue::pop(Time now) {
  flush(now);
  const auto take = [&](std::uint32_t slot) {
    QueuedPod queued = slots_[slot].queued;
    release(slot);
    return queued;
  };
  while (!active_.empty()) {
    std::pop_heap(active_.begin(), active_.end(), kActiveLater);
    const ActiveItem item = active_.back();
    active_.pop_back();
    if (is_current(item.at)) return take(item.at.slot);
  }
  if (!options_.pop_from_backoff || !drop_void_front(backoff_)) return std::nullopt;
  const std::uint32_t slot = backoff_.front().at.slot;
  return take(slot);
}

std::vector<QueuedPod> SchedulingQueue::take(const std::set<Uid>& uids) {
  struct Found {
    SortKey key;
    std::uint64_t ticket;
    std::uint32_t slot;
    auto operator<=>(const Found&) const = default;
  };
  std::vector<Found> found;
  for (const Uid& uid : uids) {
    const auto known = index_.find(uid);
    if (known == index_.end()) continue;
    const Slot& s = slots_[known->second];
    if (s.place == Place::kGated) continue;
    const QueuedPod& q = s.queued;
    found.push_back({q.framework->sort_key(*q.pod, q.queued), s.ticket, known->second});
  }
  std::sort(found.begin(), found.end());
  std::vector<QueuedPod> taken;
  for (const Found& f : found) {
    taken.push_back(slots_[f.slot].queued);
    release(f.slot);
  }
  return taken;
}

/// Removes void entries from the front; false if nothing is left.
bool SchedulingQueue::drop_void_front(std::vector<BackoffItem>& heap) {
  while (!heap.empty() && !is_current(heap.front().at)) {
    std::pop_heap(heap.begin(), heap.end(), kBackoffLater);
    heap.pop_back();
  }
  return !heap.empty();
}

Time SchedulingQueue::backoff_expiry(const QueuedPod& queued) const {
  const std::int32_t count =
      queued.error_count > 0 ? queued.error_count : queued.unschedulable_count;
  if (count <= 0) return Time::min();
  Duration wait = options_.backoff_initial;
  for (std::int32_t i = 1; i < count && wait < options_.backoff_max; ++i) wait *= 2;
  return window_of(queued.queued + std::min(wait, options_.backoff_max));
}

bool SchedulingQueue::is_backing_off(const QueuedPod& queued, Time now) const {
  return backoff_expiry(queued) >= window_of(now);
}

void SchedulingQueue::move(std::uint32_t slot, Time now) {
  leave(slot);
  enter(slot, is_backing_off(slots_[slot].queued, now) ? Place::kBackoff : Place::kActive, now);
}

void SchedulingQueue::add_unschedulable(QueuedPod pod, Time now) {
  CHECK(!contains(pod.pod->meta.uid));
  pod.queued = now;
  const std::uint32_t slot =
      free_.empty() ? static_cast<std::uint32_t>(slots_.size()) : free_.back();
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    free_.pop_back();
  }
  index_.emplace(pod.pod->meta.uid, slot);
  const bool is_error = pod.rejected_by == 0;
  if (!is_error) pod.error_count = 0;
  slots_[slot].queued = std::move(pod);
  slots_[slot].in_use = true;
  enter(slot, is_error ? Place::kErrorBackoff : Place::kUnschedulable, now);
}

bool SchedulingQueue::is_worth_retrying(const QueuedPod& queued, const ClusterEvent& event) const {
  if (queued.rejected_by & kExtenders) return true;  // nobody knows what they wait for
  for (std::size_t i = 0; i < queued.framework->size(); ++i) {
    if (!(queued.rejected_by >> i & 1)) continue;
    const Plugin& plugin = queued.framework->plugin(static_cast<int>(i));
    if ((plugin.events() & event.kinds) == 0) continue;
    if (plugin.is_worth_retrying(event, *queued.pod)) return true;
  }
  return false;
}

void SchedulingQueue::on_event(const ClusterEvent& event, Time now) {
  if (unschedulable_count_ == 0) {
    unschedulable_.clear();
    return;
  }
  std::vector<Ticket> moved;
  for (auto group = unschedulable_.begin(); group != unschedulable_.end();) {
    std::vector<Ticket>& members = group->second;
    std::erase_if(members, [&](const Ticket& at) { return !is_current(at); });
    if (members.empty()) {
      group = unschedulable_.erase(group);
    } else if (is_worth_retrying(slots_[members.front().slot].queued, event)) {
      moved.insert(moved.end(), members.begin(), members.end());
      group = unschedulable_.erase(group);
    } else {
      ++group;
    }
  }
  for (const Ticket& at : moved) move(at.slot, now);
}

void SchedulingQueue::flush_backoff(std::vector<BackoffItem>& heap, Time now) {
  const Time window = window_of(now);
  while (drop_void_front(heap) && heap.front().expiry < window) {
    const std::uint32_t slot = heap.front().at.slot;
    leave(slot);
    enter(slot, Place::kActive, now);
  }
}

void SchedulingQueue::flush(Time now) {
  flush_backoff(backoff_, now);
  flush_backoff(error_backoff_, now);
  if (now < next_flush_) return;
  next_flush_ = kNever;
  std::vector<Ticket> moved;
  for (const auto& [key, members] : unschedulable_) {
    for (const Ticket& at : members) {
      if (!is_current(at)) continue;
      if (now - slots_[at.slot].queued.queued > options_.unschedulable_max) moved.push_back(at);
    }
  }
  for (const Ticket& at : moved) move(at.slot, now);
  if (unschedulable_count_ > 0) next_flush_ = now + kFlushPeriod;
}

Time SchedulingQueue::next_deadline(Time now) {
  flush(now);
  Time next = unschedulable_count_ > 0 ? next_flush_ : kNever;
  if (drop_void_front(backoff_)) next = std::min(next, backoff_.front().expiry + 1s);
  if (drop_void_front(error_backoff_)) next = std::min(next, error_backoff_.front().expiry + 1s);
  return next;
}

}  // namespace orrery::scheduler
