#include "sim/pod_console/console_session.h"

#include <fmt/format.h>

#include "core/api/values/quoted.h"

namespace orrery::sim {

struct ConsoleSession::Anchor final : RefCounted {
  ConsoleSession* session = nullptr;
};

ConsoleSession::ConsoleSession(EventLoop& loop, SessionStart start, ExecSink& sink)
    : loop_(loop),
      sink_(sink),
      start_(std::move(start)),
      anchor_(make_ref<Anchor>()),
      out_(*this, false),
      err_(*this, !start_.streams.tty) {
  anchor_->session = this;
  if (start_.streams.tty) {
    terminal_ = std::make_unique<Terminal>(
        TerminalEvents{[this](std::string_view bytes) { emit_raw(bytes, false); },
                       [this](std::string_view line) { shell_->input(line); },
                       [this] { shell_->interrupt(); }, [this] { shell_->close_input(); }});
  }
  loop_.post([anchor = anchor_] {
    if (anchor->session) anchor->session->begin();
  });
}

ConsoleSession::~ConsoleSession() { anchor_->session = nullptr; }

void ConsoleSession::begin() {
  const ExecStreams& streams = start_.streams;
  if (start_.command.empty() ||
      (!find_command(start_.command[0]) && !is_waiting_command(start_.command[0]))) {
    over_ = true;
    const std::string name = start_.command.empty() ? "" : start_.command[0];
    sink_.on_exit({0, missing_program_error(name)});
    return;
  }
  shell_ = std::make_unique<Shell>(
      loop_, start_.scene, ShellSetup{start_.environment, streams.stdin_, streams.tty}, out_, err_);
  shell_->run(start_.command, [this](int code) { finish(code); });
  const std::string early = std::exchange(early_input_, {});
  if (!early.empty()) write_stdin(early);
  if (early_close_) close_stdin();
}

void ConsoleSession::write_stdin(std::string_view bytes) {
  if (over_ || exit_) return;
  if (!shell_) {
    early_input_ += bytes;
  } else if (terminal_) {
    terminal_->feed(bytes);
  } else {
    shell_->input(bytes);
  }
}

void ConsoleSession::close_stdin() {
  if (over_ || exit_) return;
  if (!shell_) {
    early_close_ = true;
  } else {
    shell_->close_input();
  }
}

void ConsoleSession::emit(std::string_view bytes, bool is_error) {
  if (!start_.streams.tty) return emit_raw(bytes, is_error);
  std::string out;
  for (const char c : bytes) {  // a terminal's lines end in both
    if (c == '\n') out += '\r';
    out += c;
  }
  emit_raw(out, is_error);
}

void ConsoleSession::emit_raw(std::string_view bytes, bool is_error) {
  if (bytes.empty()) return;
  if (waiting_.empty() || waiting_.back().first != is_error) waiting_.emplace_back(is_error, "");
  waiting_.back().second += bytes;
  post_flush();
}

void ConsoleSession::post_flush() {
  if (flush_posted_) return;
  flush_posted_ = true;
  loop_.post([anchor = anchor_] {
    if (anchor->session) anchor->session->flush();
  });
}

void ConsoleSession::flush() {
  flush_posted_ = false;
  for (const auto& [is_error, bytes] : std::exchange(waiting_, {})) {
    if (is_error) {
      sink_.on_stderr(bytes);
    } else {
      sink_.on_stdout(bytes);
    }
  }
  if (!exit_ || over_) return;
  over_ = true;
  const ContainerScene& scene = shell_->scene();
  if (scene.kill_container || start_.main_process) {
    scene.view.end_container(*scene.pod, scene.container,
                             scene.kill_container ? scene.kill_code : *exit_);
  }
  sink_.on_exit({*exit_, {}});
}

void ConsoleSession::finish(int code) {
  exit_ = code;
  post_flush();
}

std::string missing_program_error(const std::string& name) {
  const std::string why = name.find('/') == name.npos
                              ? std::string("executable file not found in $PATH")
                              : fmt::format("stat {}: no such file or directory", name);
  return fmt::format(
      "OCI runtime exec failed: exec failed: unable to start container process: exec: {}: {}: "
      "unknown",
      api::quoted(name), why);
}

}  // namespace orrery::sim
