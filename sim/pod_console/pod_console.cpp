#include "sim/pod_console/pod_console.h"

#include <fmt/format.h>

#include "sim/pod_console/console_log.h"
#include "sim/pod_console/console_session.h"
#include "sim/pod_console/container_files.h"
#include "sim/pod_console/page_connection.h"

namespace orrery::sim {
namespace {

/// A session that only says why there is none.
class NoSession final : public ExecSession {
 public:
  NoSession(EventLoop& loop, std::string why, ExecSink& sink) : loop_(loop) {
    timer_ = loop.at(loop.now(), [&sink, why = std::move(why)] { sink.on_exit({0, why}); });
  }
  ~NoSession() override { loop_.cancel(timer_); }
  void write_stdin(std::string_view) override {}
  void close_stdin() override {}
  void resize(int, int) override {}
  void set_paused(bool) override {}

 private:
  EventLoop& loop_;
  TimerId timer_;
};

bool is_shell(const api::Container& container) {
  if (container.command.empty() && container.args.empty()) return true;
  const Text& name = container.command.empty() ? container.args[0] : container.command[0];
  return name != "sleep" && is_waiting_command(name.view());
}

/// What the main process was started with; the image is taken to hold a shell.
std::vector<std::string> main_words(const api::Container& container) {
  std::vector<std::string> out;
  for (const auto* list : {&container.command, &container.args}) {
    for (const Text& word : *list) out.push_back(word.str());
  }
  if (out.empty()) out.push_back("sh");
  return out;
}

}  // namespace

struct PodConsole::Running {
  Ref<const api::Pod> pod;
  const api::Container* container = nullptr;
  std::int32_t restart = 0;
};

PodConsole::Running PodConsole::find_running(const PodTarget& target) {
  Ref<const api::Pod> pod = view_.find_pod(target.namespace_, target.pod.view());
  if (!pod || pod->meta.uid != target.uid) return {};
  for (const auto* list : {&pod->status.container_statuses, &pod->status.init_container_statuses}) {
    for (const api::ContainerStatus& status : *list) {
      if (!target.container.empty() && status.name != target.container) continue;
      if (status.state.kind != api::ContainerState::Kind::kRunning) continue;
      const api::Container* container = find_container(*pod, status.name);
      if (container) return {pod, container, status.restart_count};
    }
  }
  return {};
}

Ref<ConsoleBox> PodConsole::box_of(const api::Pod& pod, Symbol container, std::int32_t restart) {
  const BoxKey key(pod.meta.uid, container.str());
  const auto it = boxes_.find(key);
  if (it != boxes_.end() && it->second.box->restart == restart) return it->second.box;
  if (it == boxes_.end()) make_room();
  Ref<ConsoleBox> box = make_ref<ConsoleBox>();
  box->restart = restart;
  fill_root(box->files, view_, pod);
  boxes_[key] = Kept{pod.meta.namespace_, pod.meta.name, box};
  return box;
}

void PodConsole::make_room() {
  if (boxes_.size() < kBoxesMax) return;
  for (auto it = boxes_.begin(); it != boxes_.end();) {
    const Ref<const api::Pod> pod = view_.find_pod(it->second.namespace_, it->second.pod.view());
    it = pod && pod->meta.uid == it->first.first ? std::next(it) : boxes_.erase(it);
  }
  if (boxes_.size() >= kBoxesMax) boxes_.erase(boxes_.begin());
}

std::unique_ptr<ExecSession> PodConsole::open(const PodTarget& target,
                                              std::vector<std::string> command, ExecStreams streams,
                                              bool main_process, ExecSink& sink) {
  const Running running = find_running(target);
  if (!running.pod) {
    return std::make_unique<NoSession>(
        loop_, fmt::format("container not found (\"{}\")", target.container.view()), sink);
  }
  const Symbol name = running.container->name;
  Ref<ConsoleBox> box = box_of(*running.pod, name, running.restart);
  mount_volumes(box->files, view_, *running.pod, *running.container);
  ContainerScene scene{view_, box->files, running.pod, name, loop_.now()};
  return std::make_unique<ConsoleSession>(
      loop_,
      SessionStart{scene, box, container_environment(view_, *running.pod, *running.container),
                   streams, std::move(command), main_process},
      sink);
}

std::unique_ptr<ExecSession> PodConsole::exec(PodTarget target, std::vector<std::string> command,
                                              ExecStreams streams, ExecSink& sink) {
  return open(target, std::move(command), streams, false, sink);
}

std::unique_ptr<ExecSession> PodConsole::attach(PodTarget target, ExecStreams streams,
                                                ExecSink& sink) {
  const Running running = find_running(target);
  if (running.pod && streams.stdin_ && keeps_stdin_open(*running.container) &&
      is_shell(*running.container)) {
    return open(target, main_words(*running.container), streams, true, sink);
  }
  return std::make_unique<LogAttach>(loop_, view_, std::move(target), streams.tty, sink);
}

std::unique_ptr<LogStream> PodConsole::logs(PodTarget target, LogOptions options, LogSink& sink) {
  return std::make_unique<ConsoleLog>(loop_, view_, std::move(target), options, sink);
}

std::unique_ptr<PortConnection> PodConsole::port_forward(PodTarget target, int port,
                                                         PortSink& sink) {
  const Running running = find_running(target);
  if (!running.pod) return std::make_unique<PageConnection>(loop_, sink);
  Ref<ConsoleBox> box = box_of(*running.pod, running.container->name, running.restart);
  return std::make_unique<PageConnection>(loop_, sink, running.pod, port, box);
}

}  // namespace orrery::sim
