#include "core/controller/reconciler.h"

namespace orrery {

Reconciler::Reconciler(Env& env, Options options)
    : env_(env), queue_(env, {options.name}, [this] { pump(); }), workers_(options.workers) {}

Reconciler::~Reconciler() { *alive_ = false; }

void Reconciler::start() {
  started_ = true;
  pump();
}

void Reconciler::pump() {
  if (!started_ || pump_posted_ || busy_ >= workers_ || queue_.empty()) return;
  pump_posted_ = true;
  env_.loop.post([this, alive = alive_] {
    if (!*alive) return;
    pump_posted_ = false;
    while (busy_ < workers_ && !queue_.empty()) {
      ++busy_;
      auto* pass = new Pass;
      pass->key_ = queue_.get();
      PassRef ref(pass, [this, alive](Pass* p) {
        if (*alive) finish(*p);
        delete p;
      });
      reconcile(ref->key(), ref);
    }
  });
}

void Reconciler::finish(const Pass& pass) {
  --busy_;
  if (!pass.error_.ok()) {
    LOG(env_.log, kDebug, "reconcile failed", {"key", pass.key_.str()},
        {"error", pass.error_.message()});
    queue_.add_rate_limited(pass.key_);
  } else {
    queue_.forget(pass.key_);
    if (pass.requeue_) queue_.add_after(pass.key_, *pass.requeue_);
  }
  queue_.done(pass.key_);
  pump();
}

}  // namespace orrery
