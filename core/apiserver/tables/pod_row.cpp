#include "core/apiserver/tables/pod_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/apiserver/tables/age.h"

namespace orrery::apiserver {
namespace {

using Kind = ContainerFacts::Kind;

struct Restarts {
  std::int64_t count = 0;
  Time last;
  void add(const ContainerFacts& c) {
    count += c.restart_count;
    last = std::max(last, c.last_finished_at);
  }
};

struct Summary {
  std::string status;
  std::size_t ready = 0;
  Restarts restarts;
  Restarts sidecar_restarts;
  bool initializing = false;
};

std::string exit_text(const ContainerFacts& c) {
  if (!c.reason.empty()) return std::string(c.reason);
  return c.signal != 0 ? fmt::format("Signal:{}", c.signal)
                       : fmt::format("ExitCode:{}", c.exit_code);
}

/// The first init container that is not done gives the status.
void read_init_containers(const PodFacts& pod, Summary& out) {
  for (std::size_t i = 0; i < pod.init_containers.size(); ++i) {
    const ContainerFacts& c = pod.init_containers[i];
    out.restarts.add(c);
    if (c.is_sidecar) out.sidecar_restarts.add(c);
    if (c.state == Kind::kTerminated && c.exit_code == 0) continue;
    if (c.is_sidecar && c.is_started) {
      if (c.is_ready) ++out.ready;
      continue;
    }
    out.initializing = true;
    if (c.state == Kind::kTerminated) {
      out.status = "Init:" + exit_text(c);
    } else if (c.state == Kind::kWaiting && !c.reason.empty() && c.reason != "PodInitializing") {
      out.status = fmt::format("Init:{}", c.reason);
    } else {
      out.status = fmt::format("Init:{}/{}", i, pod.init_container_count);
    }
    return;
  }
}

/// The first container that does not simply run gives the status.
void read_containers(const PodFacts& pod, Summary& out) {
  out.restarts = out.sidecar_restarts;
  bool has_running = false;
  for (auto c = pod.containers.rbegin(); c != pod.containers.rend(); ++c) {
    out.restarts.add(*c);
    if (c->state == Kind::kWaiting && !c->reason.empty()) {
      out.status = c->reason;
    } else if (c->state == Kind::kTerminated) {
      out.status = exit_text(*c);
    } else if (c->is_ready && c->state == Kind::kRunning) {
      has_running = true;
      ++out.ready;
    }
  }
  if (out.status == "Completed" && has_running) {
    out.status = pod.is_ready ? "Running" : "NotReady";
  }
}

Summary summarize(const PodFacts& pod) {
  Summary out;
  out.status = pod.reason.empty() ? pod.phase : pod.reason;
  if (pod.is_gated) out.status = "SchedulingGated";
  read_init_containers(pod, out);
  if (!out.initializing || pod.is_initialized) read_containers(pod, out);
  const bool has_ended = pod.phase == "Succeeded" || pod.phase == "Failed";
  if (pod.is_being_deleted && pod.reason == "NodeLost") {
    out.status = "Unknown";
  } else if (pod.is_being_deleted && !has_ended) {
    out.status = "Terminating";
  }
  return out;
}

std::string_view or_none(std::string_view text) { return text.empty() ? "<none>" : text; }

}  // namespace

void print_pod(const PodFacts& pod, Time now, RowCells& cells) {
  const Summary summary = summarize(pod);
  cells.text(pod.name);
  cells.text(fmt::format("{}/{}", summary.ready, pod.container_count + pod.sidecar_count));
  cells.text(summary.status);
  if (summary.restarts.count != 0 && is_set(summary.restarts.last)) {
    cells.text(
        fmt::format("{} ({} ago)", summary.restarts.count, age_text(summary.restarts.last, now)));
  } else {
    cells.text(fmt::format_int(summary.restarts.count).str());
  }
  cells.text(age_text(pod.created_at, now));
  cells.text(or_none(pod.ip));
  cells.text(or_none(pod.node));
  cells.text(or_none(pod.nominated_node));
  cells.text(pod.gate_count == 0 ? "<none>" : fmt::format("{}/{}", pod.gates_open, pod.gate_count));
  if (pod.phase == "Succeeded" || pod.phase == "Failed") cells.complete(pod.phase);
}

}  // namespace orrery::apiserver
