// WatchStream: one watch of one client: reads a ServerWatch and writes frames, as fast as the
// client takes them; ends at its timeout, when the client goes, or when it fell too far behind.
#pragma once

#include <memory>

#include "core/apiserver/api_server.h"
#include "core/apiserver/wire/call.h"
#include "core/apiserver/wire/delays.h"
#include "core/apiserver/wire/encoder.h"

namespace orrery::apiserver {

class WatchStream {
 public:
  struct Settings {
    View view;
    bool bookmarks = false;
    bool marks_initial = false;  // WatchList: a bookmark ends the initial events
    Duration timeout{};
  };
  WatchStream(Env& env, Encoder& encoder, Delays& delays, Settings settings);
  ~WatchStream();
  WatchStream(const WatchStream&) = delete;
  WatchStream& operator=(const WatchStream&) = delete;

  /// `ended` is called once, from the loop; the owner then destroys the stream.
  void when_ended(Callback<void()> ended) { ended_ = std::move(ended); }
  /// What wakes it; give this to ApiServer::watch.
  Callback<void()> waker();
  /// Starts sending.
  void start(std::unique_ptr<ServerWatch> changes, std::unique_ptr<ReplyStream> out);
  /// Sends one ERROR event and ends: the watch could not start.
  void refuse(const Status& why, std::unique_ptr<ReplyStream> out);

 private:
  void schedule();
  void pump();
  void send_bookmark();
  void arm_bookmark();
  void end(bool cleanly);

  Env& env_;
  Encoder& encoder_;
  Delays& delays_;
  Settings settings_;
  Callback<void()> ended_;
  std::unique_ptr<ServerWatch> changes_;
  std::unique_ptr<ReplyStream> out_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  DelayId timeout_, bookmark_;
  std::vector<WatchEvent> batch_;
  bool scheduled_ = false, waits_ = false, sent_any_ = false, marked_ = false, over_ = false;
};

}  // namespace orrery::apiserver
