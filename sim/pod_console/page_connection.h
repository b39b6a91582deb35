// PageConnection: a forwarded port of a virtual pod: bytes to a PageServer and its answers back by
// the event loop. Made by PodConsole; without a pod it only says that the connection failed.
#pragma once

#include <memory>
#include <string>

#include "core/ports/pod_streams.h"
#include "core/runtime/event_loop.h"
#include "sim/pod_console/console_box.h"
#include "sim/pod_console/page_server.h"

namespace orrery::sim {

class PageConnection final : public PortConnection {
 public:
  /// There is no such container: the connection is refused.
  PageConnection(EventLoop& loop, PortSink& sink);
  PageConnection(EventLoop& loop, PortSink& sink, Ref<const api::Pod> pod, int port,
                 Ref<ConsoleBox> box);
  ~PageConnection() override;

  void write(std::string_view bytes) override;
  void close_write() override;

 private:
  void schedule();
  void flush();

  EventLoop& loop_;
  PortSink& sink_;
  Ref<ConsoleBox> box_;
  std::unique_ptr<PageServer> server_;
  std::string waiting_;
  std::string error_;
  bool closing_ = false;
  bool closed_ = false;
  bool scheduled_ = false;
  TimerId timer_;
};

}  // namespace orrery::sim
