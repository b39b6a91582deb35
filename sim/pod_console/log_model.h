// LogModel: the log of one run of a virtual container, as a function of the pod's uid, the restart
// count and a line's index: no state and no draw, so that reading a log leaves the run alone and
// gives the same text each time. Called by ConsoleLog.
//
//     index   0 .. 2          3 .. 3+n-1                      then, if it has ended
//     line    start           one a period (4 to 19 s)        how it ended
#pragma once

#include <cstdint>
#include <string>

#include "core/api/pod.h"

namespace orrery::sim {

struct LogLine {
  Time time;
  std::string text;  // without its end
};

class LogModel {
 public:
  /// `state`: running or terminated; `restart`: of the run that it tells of.
  LogModel(const api::Pod& pod, const api::Container& container, const api::ContainerState& state,
           std::int32_t restart);

  /// Lines written at or before `now`.
  std::int64_t count(Time now) const;
  LogLine line(std::int64_t index) const;
  /// The first line at or after `time`.
  std::int64_t first_since(Time time) const;
  bool ended() const { return ended_; }
  /// When the line after those of `now` is due; kNever if none comes.
  Time next_after(Time now) const;

 private:
  std::int64_t periodic_until(Time t) const;
  Time periodic_time(std::int64_t i) const;
  std::uint64_t draw(std::int64_t index, std::uint64_t salt) const;
  std::string start_text(std::int64_t index) const;
  std::string request_text(std::int64_t i) const;

  std::string pod_name_, container_, image_, echo_;
  int port_ = 0;
  std::uint64_t seed_;
  Time started_, finished_;
  Duration period_;
  bool ended_ = false;
  std::int32_t exit_code_ = 0;
  std::string reason_;
};

}  // namespace orrery::sim
