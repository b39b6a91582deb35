// Reconciler: the shape every controller has: a work queue and a level-triggered reconcile(key)
// that reads caches, starts writes and returns. A key stays in processing until all writes of its
// pass were answered, so the same key never runs twice at once; if one failed, the key comes back
// with back-off.
//
//     informer handler --enqueue--> WorkQueue --pump--> reconcile(key, pass) --writes--> pass ends
//                                        ^------ rate limited, if pass.fail() -----------'
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/client/work_queue.h"
#include "core/runtime/env.h"

namespace orrery {

/// One run of reconcile for one key; lives until the last callback that holds it is gone.
class Pass {
 public:
  /// Tells that a write failed: the key is retried with back-off.
  void fail(const Status& why) {
    if (!why.ok()) error_ = why;
  }
  /// Asks for another pass after `delay`.
  void requeue_after(Duration delay) {
    if (!requeue_ || delay < *requeue_) requeue_ = delay;
  }
  const ObjectKey& key() const { return key_; }

 private:
  friend class Reconciler;
  ObjectKey key_;
  Status error_;
  std::optional<Duration> requeue_;
};
/// Hold one in each write's callback.
using PassRef = std::shared_ptr<Pass>;

class Reconciler {
 public:
  struct Options {
    std::string name;    // "deployment"
    int workers = 5;     // keys in processing at once (--concurrent-...-syncs)
  };
  Reconciler(Env& env, Options options);
  virtual ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  void enqueue(const ObjectKey& key) { queue_.add(key); }
  void enqueue_after(const ObjectKey& key, Duration delay) { queue_.add_after(key, delay); }
  /// Begins to hand out keys; until then they only collect (call when the informers have synced).
  void start();

 protected:
  virtual void reconcile(const ObjectKey& key, const PassRef& pass) = 0;
  Env& env_;
  WorkQueue queue_;

 private:
  void pump();
  void finish(const Pass& pass);
  const int workers_;
  int busy_ = 0;
  bool started_ = false;
  bool pump_posted_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery
