// Time and Duration: nanoseconds since the Unix epoch, as a time_point of a clock that cannot be
// read. Core is told the time (EventLoop::now); it never asks the machine. Time{} means "not set".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace orrery {

using Duration = std::chrono::nanoseconds;

/// A clock without now(): wall time does not compile in core.
struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock, duration>;
  static constexpr bool is_steady = false;
};

using Time = Clock::time_point;

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""us;
using std::chrono_literals::operator""ns;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;

/// The last representable instant: "never" for deadlines.
inline constexpr Time kNever = Time::max();

inline bool is_set(Time t) { return t != Time{}; }
inline double seconds(Duration d) { return std::chrono::duration<double>(d).count(); }

/// metav1.Time: "2026-11-23T04:13:40Z" (whole seconds, UTC).
std::string format_rfc3339(Time t);
/// metav1.MicroTime: "2026-11-23T04:13:40.354576Z".
std::string format_rfc3339_micro(Time t);
/// RFC 3339 with optional fraction and offset. BadRequest with Go's wording on bad input.
Result<Time> parse_rfc3339(std::string_view text);

/// Go's time.ParseDuration: "1h30m", "150ms", "2.5s"; a bare "0" is allowed.
Result<Duration> parse_duration(std::string_view text);
/// Go's Duration.String(): "1h30m0s", "150ms", "0s".
std::string format_duration(Duration d);

/// The instant cut to whole seconds, as metav1.Time keeps it.
constexpr Time truncate_to_second(Time t) {
  return std::chrono::time_point_cast<Duration>(std::chrono::floor<std::chrono::seconds>(t));
}

}  // namespace orrery
