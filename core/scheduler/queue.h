// SchedulingQueue: pods that wait for a node (upstream's backend/queue). Popping is by priority,
// then by time; a pod that failed waits until an event may help it (queueing hints) and its
// back-off is over.
//
//        add ----> activeQ ----pop----> (scheduling cycle) --fits--> gone
//          |         ^  ^                     |
//    gated |         |  `-- backoffQ <--------| error
//          v         |        ^  event        v
//        gated --update--     `------- unschedulable pods (an event, or 5 minutes)
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/scheduler/framework.h"

namespace orrery::scheduler {

struct QueuedPod {
  Ref<const api::Pod> pod;
  const Framework* framework = nullptr;
  Time queued;  // when it entered the queue, or failed last
  Time first_queued;
  std::uint64_t rejected_by = 0;  // plugins that turned it down last
  std::uint64_t class_id = 0;     // pods of one class get the same hints; 0 = none
  std::int32_t attempts = 0;
  std::int32_t unschedulable_count = 0;
  std::int32_t error_count = 0;  // consecutive
};

class SchedulingQueue {
 public:
  struct Options {
    Duration backoff_initial = 1s;      // podInitialBackoffSeconds
    Duration backoff_max = 10s;         // podMaxBackoffSeconds
    Duration unschedulable_max = 300s;  // then it is tried again without an event
    /// Nothing active: take pods out of the backoffQ early (SchedulerPopFromBackoffQ).
    bool pop_from_backoff = true;
  };
  static constexpr Duration kFlushPeriod = 30s;  // of the check for unschedulable_max

  explicit SchedulingQueue(Options options) : options_(options) {}

  /// A pending pod; known ones are replaced (an update that may help moves them). Null: no
  /// framework.
  void add(const Ref<const api::Pod>& pod, const Framework& framework, Time now);
  void remove(const Uid& uid);
  /// Asks PreEnqueue again about a pod that it holds back; nothing happens to others.
  void retry_gated(const Uid& uid, Time now);
  bool contains(const Uid& uid) const { return index_.find(uid) != index_.end(); }
  std::optional<QueuedPod> pop(Time now);
  /// Takes those of these pods that are here and not held back by PreEnqueue, whether or not their
  /// back-off is over, in the order of popping.
  std::vector<QueuedPod> take(const std::set<Uid>& uids);
  /// Gives back a popped pod that failed. Without rejecting plugins it is an error: back-off only.
  void add_unschedulable(QueuedPod pod, Time now);
  /// Tells what happened; moves the pods for which a rejecting plugin finds another try worth it.
  void on_event(const ClusterEvent& event, Time now);
  /// Moves what has waited long enough.
  void flush(Time now);

  /// True if pop() would give a pod.
  bool has_ready(Time now);
  /// When flush() or pop() may have something to do next; kNever if only events can help.
  Time next_deadline(Time now);

  std::size_t active() const { return active_count_; }
  std::size_t backing_off() const { return backoff_count_ + error_backoff_count_; }
  std::size_t unschedulable() const { return unschedulable_count_; }
  std::size_t gated() const { return gated_count_; }
  std::size_t size() const { return index_.size(); }

 private:
  enum class Place : std::uint8_t { kActive, kBackoff, kErrorBackoff, kUnschedulable, kGated };
  struct Slot {
    QueuedPod queued;
    std::uint64_t ticket = 0;  // changes whenever the pod moves: older heap entries are void
    Place place = Place::kActive;
    bool in_use = false;
  };
  struct Ticket {
    std::uint32_t slot;
    std::uint64_t ticket;
  };
  struct ActiveItem {
    SortKey key;
    Ticket at;
  };
  struct BackoffItem {
    Time expiry;  // start of the one-second window in which the back-off ends
    SortKey key;
    Ticket at;
  };
  struct GroupKey {
    std::uint64_t class_id;
    std::uint64_t rejected_by;
    std::uint64_t own;  // ticket, for pods without a class
    auto operator<=>(const GroupKey&) const = default;
  };
  struct UidHash {
    std::size_t operator()(const Uid& uid) const { return uid.hash(); }
  };

  bool is_current(const Ticket& at) const {
    return slots_[at.slot].in_use && slots_[at.slot].ticket == at.ticket;
  }
  void enter(std::uint32_t slot, Place place, Time now);
  void leave(std::uint32_t slot);
  void release(std::uint32_t slot);
  std::size_t& count_of(Place place);
  void update(std::uint32_t slot, const Ref<const api::Pod>& pod, Time now);
  void move(std::uint32_t slot, Time now);
  Time backoff_expiry(const QueuedPod& queued) const;
  bool is_backing_off(const QueuedPod& queued, Time now) const;
  bool is_worth_retrying(const QueuedPod& queued, const ClusterEvent& event) const;
  void drop_void();
  void flush_backoff(std::vector<BackoffItem>& heap, Time now);
  bool drop_void_front(std::vector<BackoffItem>& heap);

  Options options_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<Uid, std::uint32_t, UidHash> index_;  // lookup only
  std::vector<ActiveItem> active_;                         // heap
  std::vector<BackoffItem> backoff_;                       // heap
  std::vector<BackoffItem> error_backoff_;                 // heap; never popped early
  std::map<GroupKey, std::vector<Ticket>> unschedulable_;
  std::size_t active_count_ = 0;
  std::size_t backoff_count_ = 0;
  std::size_t error_backoff_count_ = 0;
  std::size_t unschedulable_count_ = 0;
  std::size_t gated_count_ = 0;
  std::uint64_t tickets_ = 0;
  Time next_flush_ = kNever;
};

}  // namespace orrery::scheduler
