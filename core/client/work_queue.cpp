#include "core/client/work_queue.h"

#include <algorithm>

#include "core/base/check.h"

namespace orrery {

WorkQueue::WorkQueue(Env& env, Options options, Callback<void()> wake)
    : env_(env),
      options_(std::move(options)),
      wake_(std::move(wake)),
      adds_(env.metrics.counter("workqueue_adds_total{name=\"" + options_.name + "\"}")),
      retries_(env.metrics.counter("workqueue_retries_total{name=\"" + options_.name + "\"}")) {}

WorkQueue::~WorkQueue() {
  for (auto& [key, state] : states_) env_.loop.cancel(state.timer);  // tidy: cancel has no order
}

void WorkQueue::add(const ObjectKey& key) {
  State& state = states_[key];
  if (state.dirty) return;
  state.dirty = true;
  adds_.add();
  if (state.processing) return;
  ready_.push_back(key);
  wake_();
}

void WorkQueue::add_after(const ObjectKey& key, Duration delay) {
  if (delay <= Duration{0}) {
    add(key);
    return;
  }
  State& state = states_[key];
  const Time due = env_.now() + delay;
  if (state.timer) {
    if (state.due <= due) return;
    env_.loop.cancel(state.timer);
  }
  state.due = due;
  state.timer = env_.loop.at(due, [this, key] {
    states_[key].timer = {};
    add(key);
  });
}

void WorkQueue::add_rate_limited(const ObjectKey& key) {
  State& state = states_[key];
  const int n = std::min(state.failures++, 30);
  retries_.add();
  add_after(key, std::min(options_.backoff_base * (std::int64_t{1} << n), options_.backoff_max));
}

void WorkQueue::forget(const ObjectKey& key) {
  const auto it = states_.find(key);
  if (it == states_.end()) return;
  it->second.failures = 0;
  drop_if_idle(key);
}

int WorkQueue::failures(const ObjectKey& key) const {
  const auto it = states_.find(key);
  return it == states_.end() ? 0 : it->second.failures;
}

ObjectKey WorkQueue::get() {
  CHECK(!ready_.empty());
  ObjectKey key = std::move(ready_.front());
  ready_.pop_front();
  State& state = states_[key];
  state.dirty = false;
  state.processing = true;
  return key;
}

void WorkQueue::done(const ObjectKey& key) {
  const auto it = states_.find(key);
  CHECK(it != states_.end() && it->second.processing);
  it->second.processing = false;
  if (it->second.dirty) {
    ready_.push_back(key);
    wake_();
  } else {
    drop_if_idle(key);
  }
}

void WorkQueue::drop_if_idle(const ObjectKey& key) {
  const auto it = states_.find(key);
  if (it != states_.end() && it->second.idle()) states_.erase(it);
}

}  // namespace orrery
