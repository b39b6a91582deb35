#include "sim/pod_console/page_connection.h"

namespace orrery::sim {

PageConnection::PageConnection(EventLoop& loop, PortSink& sink)
    : loop_(loop),
      sink_(sink),
      error_("connection refused: the pod has no running container"),
      closing_(true) {
  schedule();
}

PageConnection::PageConnection(EventLoop& loop, PortSink& sink, Ref<const api::Pod> pod, int port,
                               Ref<ConsoleBox> box)
    : loop_(loop),
      sink_(sink),
      box_(std::move(box)),
      server_(std::make_unique<PageServer>(std::move(pod), port, box_->requests)) {}

PageConnection::~PageConnection() { loop_.cancel(timer_); }

void PageConnection::write(std::string_view bytes) {
  if (closing_) return;
  waiting_ += server_->receive(bytes);
  closing_ = server_->closing();
  schedule();
}

void PageConnection::close_write() {
  closing_ = true;
  schedule();
}

void PageConnection::schedule() {
  if (scheduled_ || closed_) return;
  scheduled_ = true;
  timer_ = loop_.at(loop_.now(), [this] { flush(); });
}

void PageConnection::flush() {
  scheduled_ = false;
  if (const std::string bytes = std::exchange(waiting_, {}); !bytes.empty()) {
    sink_.on_port_bytes(bytes);
  }
  if (!closing_) return;
  closed_ = true;
  sink_.on_port_closed(error_);
}

}  // namespace orrery::sim
