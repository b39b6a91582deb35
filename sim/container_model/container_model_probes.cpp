// ContainerModel, second part: probes, commands, the inventory, and what faults do to the machine.
#include <charconv>

#include "sim/container_model/container_model.h"

namespace orrery::sim {
namespace {

// `sleep 5`, also as the last part of a shell's command line.
Duration sleep_in(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) line += word + " ";
  const std::size_t at = line.find("sleep ");
  if (at == std::string::npos) return Duration{0};
  std::int64_t seconds_asked = 0;
  const char* from = line.data() + at + 6;
  const auto r = std::from_chars(from, line.data() + line.size(), seconds_asked);
  if (r.ec != std::errc() || seconds_asked < 0 || seconds_asked > 86'400) return Duration{0};
  return std::chrono::seconds(seconds_asked);
}

}  // namespace

void ContainerModel::list(Callback<void(Result<Inventory>)> done) {
  soon([this, done = std::move(done)]() mutable {
    Inventory all;
    for (const Sandbox& s : sandboxes_) {
      SandboxStatus status;
      status.id = s.id;
      if (s.address != 0) status.ip = AddressPool::text_of(s.address);
      status.ready = s.ready;
      status.created_at = s.created_at;
      status.pod_uid = s.pod_uid;
      status.attempt = s.attempt;
      all.sandboxes.emplace_back(std::move(status), nullptr);
    }
    for (const Container& c : containers_) all.containers.push_back(status_of(c));
    done(std::move(all));
  });
}

void ContainerModel::exec_sync(Text container_id, std::vector<std::string> command,
                               Duration timeout, Callback<void(Result<std::int32_t>)> exit_code) {
  Duration wait = sleep_in(command);
  std::uint32_t number = 0;
  if (const Container* c = find_container(container_id)) {
    number = c->number;
    wait += slowed(shared_.config.command.p50);
  }
  const bool timed_out = timeout > Duration{0} && wait > timeout;
  if (timed_out) wait = timeout;
  later(wait, [this, number, timed_out, exit_code = std::move(exit_code)]() mutable {
    const Container* c = find_container(number);
    if (timed_out) {
      exit_code(Status(Reason::kTimeout, "command timed out"));
    } else if (!c || c->phase != ContainerPhase::kRunning) {
      exit_code(internal_error("container is not running"));
    } else {
      exit_code(c->hook_fails ? 1 : 0);
    }
  });
}

ProbeAnswer ContainerModel::answer(const ProbeRequest& request) {
  static const Text kNotRunning("container is not running"), kRefused("connection refused");
  static const Text kBroken("HTTP probe failed with statuscode: 500");
  const Container* c = find_container(request.container_id);
  if (!c || c->phase != ContainerPhase::kRunning) return {false, kNotRunning, {}};
  const Time now = env_.now();
  switch (request.kind) {
    case ProbeKind::kHook:
      return {!c->hook_fails, {}, {}};
    case ProbeKind::kLiveness:
      if (now >= c->liveness_fails_at) return {false, kBroken, kNever};
      return {true, {}, c->liveness_fails_at};
    default:
      break;
  }
  if (now < c->ready_at) return {false, kRefused, c->ready_at};
  return {true, {}, kNever};
}

void ContainerModel::probe(ProbeRequest request, Callback<void(ProbeAnswer)> done) {
  soon([this, request = std::move(request), done = std::move(done)]() mutable {
    done(answer(request));
  });
}

void ContainerModel::set_probe_result(Uid pod, ProbeKind kind, bool success) {
  std::vector<Text> changed;
  for (Container& c : containers_) {
    const Sandbox* s = nullptr;
    for (const Sandbox& each : sandboxes_) {
      if (each.number == c.sandbox) s = &each;
    }
    if (!s || !(s->pod_uid == pod) || c.phase != ContainerPhase::kRunning) continue;
    if (kind == ProbeKind::kLiveness) {
      c.liveness_fails_at = success ? kNever : env_.now();
    } else {
      c.ready_at = success ? env_.now() : kNever;
    }
    changed.push_back(c.id);
  }
  for (const Text& id : changed) {
    if (events_) events_->on_probe_changed(id);
  }
}

bool ContainerModel::end_container(Uid pod, Symbol name, std::int32_t code, Symbol reason) {
  for (const Container& c : containers_) {
    if (!(c.name == name) || c.phase != ContainerPhase::kRunning) continue;
    if (!(status_of(c).pod_uid == pod)) continue;
    exit(c.number, code, reason);
    return true;
  }
  return false;
}

bool ContainerModel::lose_sandbox(Uid pod) {
  for (const Sandbox& s : sandboxes_) {
    if (!(s.pod_uid == pod) || !s.ready) continue;
    const Text id = s.id;
    drop_sandbox(id);
    if (events_) events_->on_sandbox_gone(id);
    return true;
  }
  return false;
}

void ContainerModel::crash() {
  ++generation_;
  down_ = true;
  hung_ = false;
  held_.clear();
  images_.abandon_pulls();
  for (Container& c : containers_) {
    env_.loop.cancel(c.exit_timer);
    c.pod = nullptr;
    if (c.phase == ContainerPhase::kExited) continue;
    c.phase = ContainerPhase::kExited;
    c.exit_code = 255;
    c.exit_reason = Symbol("Unknown");
    c.finished_at = env_.now();
  }
  for (Sandbox& s : sandboxes_) {
    s.ready = false;
    release_address(s);
  }
}

void ContainerModel::resume() {
  hung_ = false;
  std::vector<Callback<void()>> waiting = std::move(held_);
  held_.clear();
  for (Callback<void()>& each : waiting) each();
}

std::size_t ContainerModel::containers_running() const {
  std::size_t n = 0;
  for (const Container& c : containers_) n += c.phase == ContainerPhase::kRunning;
  return n;
}

std::size_t ContainerModel::memory_bytes() const {
  return sizeof(*this) + sandboxes_.capacity() * sizeof(Sandbox) +
         containers_.capacity() * sizeof(Container) + images_.capacity_bytes();
}

}  // namespace orrery::sim
