// ConsoleSession: an exec, or an attach to a shell, in a virtual container: a Shell between an
// ExecSink and a client's stdin. Made by PodConsole. Rule: what the shell writes is gathered and
// handed over by the event loop, in order, the exit last.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/ports/pod_streams.h"
#include "core/runtime/event_loop.h"
#include "sim/pod_console/console_box.h"
#include "sim/pod_console/shell.h"
#include "sim/pod_console/terminal.h"

namespace orrery::sim {

struct SessionStart {
  ContainerScene scene;
  Ref<ConsoleBox> box;  // owns scene.files
  std::map<std::string, std::string> environment;
  ExecStreams streams;
  std::vector<std::string> command;
  bool main_process = false;  // an attach: its end is the container's
};

class ConsoleSession final : public ExecSession {
 public:
  ConsoleSession(EventLoop& loop, SessionStart start, ExecSink& sink);
  ~ConsoleSession() override;

  void write_stdin(std::string_view bytes) override;
  void close_stdin() override;
  void resize(int, int) override {}
  void set_paused(bool) override {}  // files are small

 private:
  struct Output final : ShellOutput {
    Output(ConsoleSession& s, bool e) : session(s), is_error(e) {}
    void write(std::string_view bytes) override { session.emit(bytes, is_error); }
    ConsoleSession& session;
    bool is_error;
  };
  struct Anchor;

  void begin();
  void emit(std::string_view bytes, bool is_error);
  void emit_raw(std::string_view bytes, bool is_error);
  void post_flush();
  void flush();
  void finish(int code);

  EventLoop& loop_;
  ExecSink& sink_;
  SessionStart start_;
  Ref<Anchor> anchor_;
  Output out_, err_;
  std::unique_ptr<Terminal> terminal_;
  std::vector<std::pair<bool, std::string>> waiting_;  // is_error, bytes
  std::optional<int> exit_;
  std::string early_input_;
  bool early_close_ = false;
  bool flush_posted_ = false;
  bool over_ = false;
  std::unique_ptr<Shell> shell_;
};

/// The runtime's words for a program that is not in the container.
std::string missing_program_error(const std::string& name);

}  // namespace orrery::sim
