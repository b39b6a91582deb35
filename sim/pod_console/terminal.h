// Terminal: the line discipline between a client's raw keys and a process with a tty: echo,
// backspace, ctrl-C, ctrl-D, ctrl-U, and the arrows up and down for earlier lines. Called by
// ConsoleSession. Pure but for its callbacks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/callback.h"

namespace orrery::sim {

struct TerminalEvents {
  Callback<void(std::string_view)> echo;  // bytes for the client
  Callback<void(std::string_view)> line;  // whole lines, with '\n'
  Callback<void()> interrupt;
  Callback<void()> end_of_file;
};

class Terminal {
 public:
  static constexpr std::size_t kLineMax = 4096, kHistoryMax = 100;

  explicit Terminal(TerminalEvents events) : events_(std::move(events)) {}
  void feed(std::string_view keys);

 private:
  void key(char c);
  bool escape(char c);
  void erase_line();
  void recall(std::size_t index);

  TerminalEvents events_;
  std::string line_;
  std::vector<std::string> history_;
  std::size_t recalled_ = 0;
  int escape_ = 0;  // bytes of an escape sequence seen
};

}  // namespace orrery::sim
