// EventLoop: the one thread of control of a world. A FIFO of work for the present instant, then
// timers by (time, sequence) in a 4-ary heap. Time stands still while a task runs. The order of
// events depends on nothing but the order of the calls below, so a run repeats bit by bit.
//
//     post() -> [ FIFO ] --run--> task     when the FIFO is empty: driver.wait_until(next deadline)
//     at()   -> [ heap ] --due--> task
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/callback.h"
#include "core/base/time.h"
#include "core/runtime/driver.h"

namespace orrery {

/// Names a timer; default-constructed names none. Safe to cancel after it fired.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  explicit operator bool() const { return generation != 0; }
};

class EventLoop {
 public:
  using Task = Callback<void()>;

  explicit EventLoop(Driver& driver);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  Time now() const { return now_; }
  /// For loggers: where the present instant can be read.
  const Time* clock() const { return &now_; }

  /// Runs after all that is already queued for this instant.
  void post(Task task) { ready_.push_back(std::move(task)); }
  /// Runs at `when` (or now, if that has passed), after timers set earlier for the same instant.
  TimerId at(Time when, Task task);
  TimerId after(Duration delay, Task task) { return at(now_ + delay, std::move(task)); }
  void cancel(TimerId id);

  /// Runs one task; waits for the next timer if none is ready. False when nothing is left to do
  /// before or at `until`; the clock then stands at `until` (unless kNever).
  bool run_one(Time until = kNever);
  /// Runs until nothing is left before or at `until`, or stop() is called.
  void run(Time until = kNever);
  void stop() { stopped_ = true; }

  std::uint64_t events_run() const { return events_run_; }
  std::size_t timers_pending() const { return heap_.size() - cancelled_; }
  bool idle() const { return ready_.empty(); }
  /// The earliest pending deadline, kNever if none.
  Time next_deadline();

 private:
  struct Node {
    Time when;
    std::uint64_t sequence;
    std::uint32_t slot;
    bool before(const Node& o) const {
      return when != o.when ? when < o.when : sequence < o.sequence;
    }
  };
  struct Slot {
    Task task;
    std::uint32_t generation = 0;
    bool cancelled = false;
  };

  void push(Node node);
  void pop();
  void drop_cancelled();
  void release(std::uint32_t slot);

  Driver& driver_;
  Time now_;
  bool stopped_ = false;
  std::deque<Task> ready_;
  std::vector<Node> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t cancelled_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t events_run_ = 0;
};

}  // namespace orrery
