#include "sim/pod_console/shell.h"

namespace orrery::sim {
namespace {

constexpr std::size_t kInputBytesMax = 16 << 20;  // unread; what comes above it is dropped
constexpr int kInterrupted = 130;

}  // namespace

Shell::Shell(EventLoop& loop, ContainerScene scene, ShellSetup setup, ShellOutput& out,
             ShellOutput& err)
    : loop_(loop),
      scene_(std::move(scene)),
      out_(out),
      err_(err),
      tty_(setup.tty),
      variables_(std::move(setup.environment)) {
  input_.eof = !setup.stdin_open;
  input_.tty = setup.tty;
  parameters_ = {"sh"};
}

Shell::~Shell() { loop_.cancel(timer_); }

void Shell::run(std::vector<std::string> command, Callback<void(int)> done) {
  done_ = std::move(done);
  main_ = run_program(std::move(command), ShellIo{&input_, &out_, &err_});
  main_.start();
  if (main_.done()) done_(interrupted_ ? kInterrupted : main_.code());
}

void Shell::resume() {
  if (!waiting_) return;
  const auto handle = std::exchange(waiting_, nullptr);
  waits_for_input_ = false;
  loop_.cancel(timer_);
  handle.resume();
  if (main_.done()) done_(interrupted_ ? kInterrupted : main_.code());
}

void Shell::input(std::string_view bytes) {
  input_.buffer += bytes.substr(0, kInputBytesMax - std::min(kInputBytesMax, input_.buffer.size()));
  if (waits_for_input_) resume();
}

void Shell::close_input() {
  input_.eof = true;
  if (waits_for_input_) resume();
}

void Shell::interrupt() {
  interrupted_ = true;
  resume();
}

Shell::Wait Shell::wait_input() {
  loop_.cancel(timer_);
  waits_for_input_ = true;
  return Wait{*this};
}

Shell::Wait Shell::wait_for(Duration delay) {
  loop_.cancel(timer_);  // one that an interrupt left behind
  waits_for_input_ = false;
  timer_ = loop_.after(delay, [this] { resume(); });
  return Wait{*this};
}

}  // namespace orrery::sim
