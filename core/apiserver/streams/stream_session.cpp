#include "core/apiserver/streams/stream_session.h"

namespace orrery::apiserver {
namespace {

constexpr Duration kPoll = 20ms;  // ports tell how much waits, not when it is gone

}  // namespace

SlowReader::SlowReader(EventLoop& loop, Callback<std::size_t()> backlog,
                       Callback<void(bool)> set_paused)
    : loop_(loop), backlog_(std::move(backlog)), set_paused_(std::move(set_paused)) {}

SlowReader::~SlowReader() { loop_.cancel(timer_); }

bool SlowReader::check() {
  const std::size_t waiting = backlog_();
  if (waiting > kBacklogMax) return false;
  if (!paused_ && waiting > kBacklogPause) {
    paused_ = true;
    set_paused_(true);
    timer_ = loop_.after(kPoll, [this] { poll(); });
  }
  return true;
}

void SlowReader::poll() {
  if (backlog_() > kBacklogResume) {
    timer_ = loop_.after(kPoll, [this] { poll(); });
    return;
  }
  paused_ = false;
  set_paused_(false);
}

}  // namespace orrery::apiserver
