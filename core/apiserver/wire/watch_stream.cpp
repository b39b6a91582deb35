#include "core/apiserver/wire/watch_stream.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/apiserver/response_body.h"

namespace orrery::apiserver {
namespace {

constexpr std::size_t kBatchMax = 512;
constexpr std::size_t kBacklogMax = 1 << 20;  // bytes on their way; more waits
constexpr Duration kBookmarkEvery = std::chrono::seconds(60);
constexpr Duration kBookmarkBeforeEnd = std::chrono::seconds(2);

}  // namespace

WatchStream::WatchStream(Env& env, Encoder& encoder, Delays& delays, Settings settings)
    : env_(env), encoder_(encoder), delays_(delays), settings_(std::move(settings)) {}

WatchStream::~WatchStream() {
  *alive_ = false;
  delays_.cancel(timeout_);
  delays_.cancel(bookmark_);
}

Callback<void()> WatchStream::waker() {
  return [this, alive = alive_] {
    if (*alive) schedule();
  };
}

void WatchStream::start(std::unique_ptr<ServerWatch> changes, std::unique_ptr<ReplyStream> out) {
  changes_ = std::move(changes);
  out_ = std::move(out);
  out_->when_closed([this, alive = alive_] {
    if (*alive) end(false);
  });
  timeout_ = delays_.after(settings_.timeout, [this, alive = alive_] {
    if (*alive) end(true);
  });
  if (settings_.bookmarks) arm_bookmark();
  schedule();
}

void WatchStream::refuse(const Status& why, std::unique_ptr<ReplyStream> out) {
  out_ = std::move(out);
  out_->write(encoder_.event(settings_.view, "ERROR", status_body(why)));
  end(true);
}

void WatchStream::arm_bookmark() {
  Duration wait = kBookmarkEvery;
  if (settings_.timeout > kBookmarkBeforeEnd) {
    wait = std::min(wait, settings_.timeout - kBookmarkBeforeEnd);
  }
  bookmark_ = delays_.after(wait, [this, alive = alive_] {
    if (!*alive || over_) return;
    send_bookmark();
    arm_bookmark();
  });
}

void WatchStream::send_bookmark() {
  if (!waits_) return;  // events are on their way: they tell as much
  out_->write(encoder_.bookmark(settings_.view, changes_->bookmark().revision, false));
}

void WatchStream::schedule() {
  if (scheduled_ || over_) return;
  scheduled_ = true;
  env_.loop.post([this, alive = alive_] {
    if (!*alive) return;
    scheduled_ = false;
    pump();
  });
}

void WatchStream::pump() {
  if (over_ || !changes_) return;
  if (out_->backlog() > kBacklogMax) {
    out_->when_drained([this, alive = alive_] {
      if (*alive) schedule();
    });
    return;
  }
  waits_ = false;
  batch_.clear();
  const Status status = changes_->read(batch_, kBatchMax);
  for (const WatchEvent& event : batch_) {
    out_->write(encoder_.event(settings_.view, event, !sent_any_));
    sent_any_ = true;
  }
  if (!status.ok()) {
    out_->write(encoder_.event(settings_.view, "ERROR", status_body(status)));
    return end(true);
  }
  if (settings_.marks_initial && !marked_ && !changes_->has_initial_left()) {
    marked_ = true;
    out_->write(encoder_.bookmark(settings_.view, changes_->bookmark().revision, true));
  }
  if (batch_.size() == kBatchMax) return schedule();
  waits_ = true;
}

void WatchStream::end(bool cleanly) {
  if (over_) return;
  over_ = true;
  if (cleanly && out_) out_->finish();
  env_.loop.post([this, alive = alive_] {
    if (*alive) ended_();
  });
}

}  // namespace orrery::apiserver
