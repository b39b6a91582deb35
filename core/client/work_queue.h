// WorkQueue: client-go's rate-limited queue of keys. A key added while it waits is held once; added
// while it is being worked on, it comes again after done(). Failed keys come back with exponential
// back-off (5 ms, doubled, at most 1000 s).
//
//     add -> dirty --get--> processing --done--> (dirty again if added meanwhile)
#pragma once

#include <deque>
#include <string>
#include <unordered_map>

#include "core/client/object_key.h"
#include "core/runtime/env.h"

namespace orrery {

class WorkQueue {
 public:
  struct Options {
    std::string name;            // metric label
    Duration backoff_base = 5ms;     // DefaultControllerRateLimiter
    Duration backoff_max = 1000s;
  };
  /// `wake` is called when the queue becomes ready to hand out a key.
  WorkQueue(Env& env, Options options, Callback<void()> wake);
  ~WorkQueue();

  void add(const ObjectKey& key);
  /// Not before `delay`; the earliest of several such calls wins.
  void add_after(const ObjectKey& key, Duration delay);
  void add_rate_limited(const ObjectKey& key);
  /// Forgets the key's failures.
  void forget(const ObjectKey& key);
  int failures(const ObjectKey& key) const;

  bool empty() const { return ready_.empty(); }
  std::size_t size() const { return ready_.size(); }
  /// Hands out the oldest key, which is then being processed until done().
  ObjectKey get();
  void done(const ObjectKey& key);

 private:
  struct State {
    bool dirty = false;
    bool processing = false;
    int failures = 0;
    TimerId timer;
    Time due;
    bool idle() const { return !dirty && !processing && failures == 0 && !timer; }
  };
  void drop_if_idle(const ObjectKey& key);

  Env& env_;
  Options options_;
  Callback<void()> wake_;
  std::deque<ObjectKey> ready_;
  std::unordered_map<ObjectKey, State, ObjectKeyHash> states_;  // lookup only
  Counter& adds_;
  Counter& retries_;
};

}  // namespace orrery
