#include "core/runtime/event_loop.h"

#include <utility>

namespace orrery {

EventLoop::EventLoop(Driver& driver) : driver_(driver), now_(driver.now()) {}

TimerId EventLoop::at(Time when, Task task) {
  std::uint32_t slot;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& s = slots_[slot];
  s.task = std::move(task);
  s.cancelled = false;
  if (++s.generation == 0) s.generation = 1;
  push({when, sequence_++, slot});
  return {slot, s.generation};
}

void EventLoop::cancel(TimerId id) {
  if (!id || id.slot >= slots_.size()) return;
  Slot& s = slots_[id.slot];
  if (s.generation != id.generation || s.cancelled) return;
  s.cancelled = true;
  ++cancelled_;
  // Captures go now, the heap entry when it comes up. Moved out first: what the captures'
  // destructors do to this loop must not meet a half-emptied slot.
  const Task gone = std::move(s.task);
}

Time EventLoop::next_deadline() {
  drop_cancelled();
  return heap_.empty() ? kNever : heap_.front().when;
}

bool EventLoop::run_one(Time until) {
  while (ready_.empty()) {
    const Time next = next_deadline();
    if (next > until || next == kNever) {
      if (until != kNever) {
        if (!driver_.wait_until(until, *this)) return false;
        now_ = driver_.now();
        if (!ready_.empty()) break;
        if (now_ >= until) return false;
        continue;
      }
      if (!driver_.wait_until(kNever, *this)) return false;
      now_ = driver_.now();
      continue;
    }
    if (next > now_) {
      if (!driver_.wait_until(next, *this)) return false;
      now_ = driver_.now();
      if (!ready_.empty()) break;
      if (now_ < next) continue;
    }
    const std::uint32_t slot = heap_.front().slot;
    pop();
    Task task = std::move(slots_[slot].task);
    release(slot);
    ++events_run_;
    task();
    return true;
  }
  Task task = std::move(ready_.front());
  ready_.pop_front();
  ++events_run_;
  task();
  return true;
}

void EventLoop::run(Time until) {
  stopped_ = false;
  while (!stopped_ && run_one(until)) {
  }
}

void EventLoop::push(Node node) {
  std::size_t i = heap_.size();
  heap_.push_back(node);
  while (i > 0) {
    const std::size_t parent = (i - 1) / 4;
    if (!node.before(heap_[parent])) break;
    heap_[i] = heap_[parent];
    i = parent;
  }
  heap_[i] = node;
}

void EventLoop::pop() {
  const Node last = heap_.back();
  heap_.pop_back();
  const std::size_t n = heap_.size();
  if (n == 0) return;
  std::size_t i = 0;
  for (;;) {
    const std::size_t first = i * 4 + 1;
    if (first >= n) break;
    std::size_t best = first;
    for (std::size_t c = first + 1; c < first + 4 && c < n; ++c) {
      if (heap_[c].before(heap_[best])) best = c;
    }
    if (!heap_[best].before(last)) break;
    heap_[i] = heap_[best];
    i = best;
  }
  heap_[i] = last;
}

void EventLoop::drop_cancelled() {
  while (!heap_.empty() && slots_[heap_.front().slot].cancelled) {
    const std::uint32_t slot = heap_.front().slot;
    pop();
    release(slot);
    --cancelled_;
  }
}

void EventLoop::release(std::uint32_t slot) {
  slots_[slot].task = nullptr;
  slots_[slot].cancelled = true;  // a stale TimerId finds nothing to cancel
  free_slots_.push_back(slot);
}

}  // namespace orrery
