// Shell: runs one command of an exec, or a shell, in a simulated container, in virtual time. Called
// by ConsoleSession. Pipelines run stage by stage, `&` waits like `;`: nothing runs side by side.
// Each turn of a loop takes 1 ms, so that no script can hold up the event loop. Rule: output comes
// within run(), input(), interrupt() and timers; `done` once, at the end.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/callback.h"
#include "core/runtime/event_loop.h"
#include "sim/pod_console/command.h"
#include "sim/pod_console/script.h"
#include "sim/pod_console/shell_streams.h"
#include "sim/pod_console/shell_syntax.h"

namespace orrery::sim {

struct ShellSetup {
  std::map<std::string, std::string> environment;
  bool stdin_open = false;
  bool tty = false;
};

class Shell {
 public:
  Shell(EventLoop& loop, ContainerScene scene, ShellSetup setup, ShellOutput& out,
        ShellOutput& err);
  ~Shell();
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// Runs a program by its arguments. `done` gets the exit code.
  void run(std::vector<std::string> command, Callback<void(int)> done);
  void input(std::string_view bytes);
  void close_input();
  /// ctrl-C: what runs ends with 130.
  void interrupt();
  /// Set by `kill 1`.
  const ContainerScene& scene() const { return scene_; }

 private:
  struct Wait;
  struct Redirected;
  using Words = std::vector<std::string>;

  // shell_run.cpp: the tree of commands
  Script run_node(const ShellNode& node, ShellIo io);
  Script run_list(const ShellNode& node, ShellIo io);
  Script run_pipe(const ShellNode& node, ShellIo io);
  Script run_if(const ShellNode& node, ShellIo io);
  Script run_loop(const ShellNode& node, ShellIo io);
  Script run_for(const ShellNode& node, ShellIo io);
  Script run_subshell(const ShellNode& node, ShellIo io);
  Script run_simple(const ShellNode& node, ShellIo io);
  Script redirect(const ShellNode& node, ShellIo& io, Redirected& opened);

  // shell_programs.cpp: one command
  Script run_words(Words words, ShellIo io);
  Script run_program(Words words, ShellIo io);
  Script run_command(const Command& command, Words words, ShellIo io);
  Script run_sleep(Words words, ShellIo io);
  Script run_read(Words words, ShellIo io);
  Script run_cat(ShellIo io);
  Script run_sh(Words words, ShellIo io);
  Script run_text(std::string text, ShellIo io);
  Script run_interactive(ShellIo io);
  Script read_line(ShellInput& in, std::string& line);
  bool run_builtin(const Words& words, ShellIo io, int& code);
  int change_directory(const Words& words, ShellIo io);

  // shell_expand.cpp: words
  Script expand(const std::string& word, ShellIo io, Words& out);
  Script expand_one(const std::string& word, ShellIo io, std::string& out);
  Script expand_dollar(const std::string& word, std::size_t& at, ShellIo io, std::string& value);
  Script substitute(const std::string& script, ShellIo io, std::string& out);
  std::string variable(std::string_view name) const;
  std::string parameter(std::string_view inside) const;
  std::string arithmetic(std::string_view expression) const;
  void glob(const std::string& pattern, Words& out) const;

  Wait wait_input();
  Wait wait_for(Duration delay);
  void resume();
  bool stopped() const { return exiting_ || leaving_loops_ > 0 || next_turn_ || interrupted_; }

  EventLoop& loop_;
  ContainerScene scene_;
  ShellOutput& out_;
  ShellOutput& err_;
  ShellInput input_;
  bool tty_;
  std::map<std::string, std::string> variables_;
  Words parameters_;  // $0, $1, ...
  std::string directory_ = "/";
  int last_code_ = 0;
  int depth_ = 0;  // of subshells and substitutions
  std::uint64_t steps_ = 0;
  int leaving_loops_ = 0;   // break N
  bool next_turn_ = false;  // continue
  bool exiting_ = false;
  bool interrupted_ = false;

  std::coroutine_handle<> waiting_;
  bool waits_for_input_ = false;
  TimerId timer_;
  Callback<void(int)> done_;
  Script main_;  // last: goes first
};

/// What a coroutine awaits: more input, or an instant.
struct Shell::Wait {
  Shell& shell;
  bool await_ready() const noexcept { return shell.interrupted_; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { shell.waiting_ = handle; }
  void await_resume() const noexcept {}
};

/// Keeps what a command's redirections opened.
struct Shell::Redirected {
  ShellInput input;
  std::vector<std::unique_ptr<FileOutput>> outputs;
};

}  // namespace orrery::sim
