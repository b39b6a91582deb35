// StreamSession: one running exec, attach, log or port-forward of a client. PodStreamEndpoints owns
// the sessions and drops each some time after it called `ended`. SlowReader is what they share: it
// pauses the source while the client does not take what was sent.
#pragma once

#include <cstddef>

#include "core/base/callback.h"
#include "core/runtime/event_loop.h"

namespace orrery::apiserver {

class StreamSession {
 public:
  virtual ~StreamSession() = default;
};

/// Bounds on what waits for a client, in bytes.
inline constexpr std::size_t kBacklogPause = 1 << 20;
inline constexpr std::size_t kBacklogResume = 256 << 10;
inline constexpr std::size_t kBacklogMax = 64 << 20;  // past it the session ends

class SlowReader {
 public:
  /// `backlog`: bytes not yet taken; `set_paused`: called when that should change.
  SlowReader(EventLoop& loop, Callback<std::size_t()> backlog, Callback<void(bool)> set_paused);
  ~SlowReader();
  /// After each write. False: far too much waits, end the session.
  bool check();

 private:
  void poll();

  EventLoop& loop_;
  Callback<std::size_t()> backlog_;
  Callback<void(bool)> set_paused_;
  TimerId timer_;
  bool paused_ = false;
};

}  // namespace orrery::apiserver
