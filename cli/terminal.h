// What a terminal shows: errors in one shape, and a progress line while a run goes on. Nothing here
// when the stream is no terminal.
#pragma once

#include <string>
#include <string_view>

#include "core/base/status.h"

namespace orrery::cli {

/// Is this file descriptor a terminal?
bool is_terminal(int descriptor);

/// Prints `error: ...` to stderr, one line for each error of the status.
void print_errors(const Status& status);

/// One line on stderr that is written over; cleared at the end.
class ProgressLine {
 public:
  explicit ProgressLine(bool enabled) : enabled_(enabled) {}
  ~ProgressLine() { clear(); }
  /// Draws at most ten times a second. `fraction` is of the whole, 0..1.
  void show(double fraction, std::string_view text);
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
  double last_seconds_ = 0;
};

/// Seconds of wall time since some fixed instant.
double wall_seconds();
/// Largest resident memory of this process so far.
std::uint64_t peak_rss_bytes();

}  // namespace orrery::cli
