// Log: events with fields, not prose. LOG(log, kInfo, "pod bound", {"pod", key}, {"node", name}).
// Logging only reads: it never draws, posts or changes what a run does. Fields are evaluated only
// when the level is on. kError means that a person must act.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/base/callback.h"
#include "core/base/time.h"

namespace orrery {

enum class LogLevel : std::uint8_t { kError, kWarning, kInfo, kDebug };

struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, std::int64_t v) : key(k), value(std::to_string(v)) {}
  std::string key, value;
};

class Log {
 public:
  /// Gets one finished line: `I2026-01-01T00:00:01.000000Z "pod bound" pod="default/web-0"`.
  using Sink = Callback<void(LogLevel, std::string_view line)>;

  Log() = default;  // silent
  Log(LogLevel threshold, Sink sink) : threshold_(threshold), sink_(std::move(sink)) {}

  bool is_on(LogLevel level) const { return sink_ && level <= threshold_; }
  /// The instant that the next lines carry; set by the event loop's owner.
  void set_clock(const Time* now) { now_ = now; }
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

 private:
  LogLevel threshold_ = LogLevel::kWarning;
  mutable Sink sink_;
  const Time* now_ = nullptr;
};

}  // namespace orrery

#define LOG(log, level, event, ...)                                   \
  do {                                                                \
    if ((log).is_on(::orrery::LogLevel::level))                       \
      (log).write(::orrery::LogLevel::level, (event), {__VA_ARGS__}); \
  } while (false)
