// PodConsole: exec, attach, logs and port-forward of virtual pods. The wiring gives it to the API
// server as PodStreams. It sees the cluster through PodView alone. Rule: what a client does here
// changes nothing of the run but what PodView::end_container() does.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/ports/pod_streams.h"
#include "core/runtime/event_loop.h"
#include "sim/pod_console/console_box.h"
#include "sim/pod_console/pod_view.h"

namespace orrery::sim {

class PodConsole final : public PodStreams {
 public:
  /// Containers whose files are kept; above it the ones of pods that are gone are dropped, then any
  /// (sessions keep theirs until they end).
  static constexpr std::size_t kBoxesMax = 500;

  PodConsole(EventLoop& loop, PodView& view) : loop_(loop), view_(view) {}

  std::unique_ptr<ExecSession> exec(PodTarget target, std::vector<std::string> command,
                                    ExecStreams streams, ExecSink& sink) override;
  std::unique_ptr<ExecSession> attach(PodTarget target, ExecStreams streams,
                                      ExecSink& sink) override;
  std::unique_ptr<LogStream> logs(PodTarget target, LogOptions options, LogSink& sink) override;
  std::unique_ptr<PortConnection> port_forward(PodTarget target, int port, PortSink& sink) override;

 private:
  using BoxKey = std::pair<Uid, std::string>;  // pod, container
  struct Running;

  /// The running container of a target; its pod is null where there is none.
  Running find_running(const PodTarget& target);
  std::unique_ptr<ExecSession> open(const PodTarget& target, std::vector<std::string> command,
                                    ExecStreams streams, bool main_process, ExecSink& sink);
  Ref<ConsoleBox> box_of(const api::Pod& pod, Symbol container, std::int32_t restart);
  void make_room();

  EventLoop& loop_;
  PodView& view_;
  struct Kept {
    Symbol namespace_;
    Text pod;
    Ref<ConsoleBox> box;
  };
  std::map<BoxKey, Kept> boxes_;
};

}  // namespace orrery::sim
