// The log of a virtual container as a stream of lines, from LogModel: the past at once, in pieces,
// and with `follow` each line when its instant comes. ConsoleLog is the LogStream; LogAttach shows
// the same lines to an attached client. Made by PodConsole.
#pragma once

#include "core/ports/pod_streams.h"
#include "core/runtime/event_loop.h"
#include "sim/pod_console/log_model.h"
#include "sim/pod_console/pod_view.h"

namespace orrery::sim {

/// Follows a container's lines. The owner's callbacks come from the event loop.
class LogFollower {
 public:
  static constexpr std::int64_t kLinesMax = 100'000;  // older ones have been rotated away

  LogFollower(EventLoop& loop, PodView& view, PodTarget target, LogOptions options,
              Callback<void(std::string_view)> lines, Callback<void(Status)> end);
  ~LogFollower();
  void set_paused(bool paused);

 private:
  void begin();
  void step();
  void wait();
  void end(const Status& why);
  bool read_state();
  void write_piece(std::int64_t count);
  std::string text_of(const LogLine& line) const;

  EventLoop& loop_;
  PodView& view_;
  PodTarget target_;
  LogOptions options_;
  Callback<void(std::string_view)> lines_;
  Callback<void(Status)> end_;
  TimerId timer_;
  std::optional<LogModel> model_;
  std::int32_t restart_ = -1;  // of the run that is shown
  std::int64_t next_ = 0;
  std::int64_t bytes_left_;
  bool paused_ = false;
  bool gone_ = false;  // the run is over: nothing comes after what is there
};

class ConsoleLog final : public LogStream {
 public:
  ConsoleLog(EventLoop& loop, PodView& view, PodTarget target, LogOptions options, LogSink& sink);
  void set_paused(bool paused) override { follower_.set_paused(paused); }

 private:
  LogFollower follower_;
};

/// An attach to a main process that writes its log and reads nothing.
class LogAttach final : public ExecSession {
 public:
  LogAttach(EventLoop& loop, PodView& view, PodTarget target, bool tty, ExecSink& sink);
  void write_stdin(std::string_view) override {}
  void close_stdin() override {}
  void resize(int, int) override {}
  void set_paused(bool paused) override { follower_.set_paused(paused); }

 private:
  LogFollower follower_;
};

}  // namespace orrery::sim
