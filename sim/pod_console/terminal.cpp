#include "sim/pod_console/terminal.h"

namespace orrery::sim {
namespace {

constexpr char kCtrlC = 3, kCtrlD = 4, kCtrlL = 12, kCtrlU = 21, kEscape = 27, kDelete = 127;

}  // namespace

void Terminal::feed(std::string_view keys) {
  for (const char c : keys) {
    if (!escape(c)) key(c);
  }
}

// ESC [ A and ESC [ B recall lines; other sequences are swallowed.
bool Terminal::escape(char c) {
  if (c == kEscape) {
    escape_ = 1;
    return true;
  }
  if (escape_ == 0) return false;
  if (escape_ == 1) {
    escape_ = c == '[' || c == 'O' ? 2 : 0;
    return true;
  }
  if (c >= '@' && c <= '~') {
    escape_ = 0;
    if (c == 'A' && recalled_ > 0) recall(recalled_ - 1);
    if (c == 'B' && recalled_ < history_.size()) recall(recalled_ + 1);
  }
  return true;
}

void Terminal::recall(std::size_t index) {
  erase_line();
  recalled_ = index;
  line_ = index < history_.size() ? history_[index] : "";
  events_.echo(line_);
}

void Terminal::erase_line() {
  std::string out;
  for (const char c : line_) {
    if ((c & 0xc0) != 0x80) out += "\b \b";  // one a character of UTF-8
  }
  line_.clear();
  if (!out.empty()) events_.echo(out);
}

void Terminal::key(char c) {
  if (c == '\r' || c == '\n') {
    events_.echo("\r\n");
    if (!line_.empty() && (history_.empty() || history_.back() != line_)) {
      history_.push_back(line_);
      if (history_.size() > kHistoryMax) history_.erase(history_.begin());
    }
    recalled_ = history_.size();
    const std::string line = line_ + "\n";
    line_.clear();
    events_.line(line);
  } else if (c == '\b' || c == kDelete) {
    if (line_.empty()) return;
    while (line_.size() > 1 && (line_.back() & 0xc0) == 0x80) line_.pop_back();
    line_.pop_back();
    events_.echo("\b \b");
  } else if (c == kCtrlC) {
    line_.clear();
    events_.echo("^C\r\n");
    events_.interrupt();
  } else if (c == kCtrlD) {
    if (line_.empty()) events_.end_of_file();
  } else if (c == kCtrlU) {
    erase_line();
  } else if (c != kCtrlL && (static_cast<unsigned char>(c) >= ' ' || c == '\t') &&
             line_.size() < kLineMax) {
    line_ += c;
    events_.echo(std::string_view(&c, 1));
  }
}

}  // namespace orrery::sim
