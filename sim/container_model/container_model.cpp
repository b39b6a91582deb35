#include "sim/container_model/container_model.h"

#include <algorithm>

#include "core/base/hash.h"

namespace orrery::sim {
namespace {

constexpr std::string_view kScheme = "sim://";

// "sim://" + node tag + number, eight hexadecimal digits each.
Text make_id(std::uint32_t tag, std::uint32_t number) {
  static constexpr char kDigits[] = "0123456789abcdef";
  char room[kScheme.size() + 16];
  std::copy(kScheme.begin(), kScheme.end(), room);
  const std::uint64_t word = static_cast<std::uint64_t>(tag) << 32 | number;
  for (std::size_t i = 0; i < 16; ++i)
    room[kScheme.size() + i] = kDigits[word >> (60 - 4 * i) & 15];
  return Text(std::string_view(room, sizeof room));
}

// The number in an id that make_id made; 0 for any other text.
std::uint32_t number_of(std::string_view id) {
  if (id.size() != kScheme.size() + 16) return 0;
  std::uint32_t number = 0;
  for (const char c : id.substr(id.size() - 8)) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return 0;
    number = number << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return number;
}

template <class Items>
auto* find_number(Items& items, std::uint32_t number) {
  const auto it = std::lower_bound(items.begin(), items.end(), number,
                                   [](const auto& e, std::uint32_t n) { return e.number < n; });
  return it != items.end() && it->number == number ? &*it : nullptr;
}

Status no_such(std::string_view what, const Text& id) { return not_found(what, id.view()); }

// What containerd says.
Status no_such_image(std::string_view image) {
  const std::string name(image);
  return Status(Reason::kNotFound,
                "rpc error: code = NotFound desc = failed to pull and unpack image \"" + name +
                    "\": failed to resolve reference \"" + name + "\": " + name + ": not found");
}

Symbol reason_of(std::int32_t code, Symbol reason) {
  static const Symbol kCompleted("Completed"), kError("Error");
  return !reason.empty() ? reason : code == 0 ? kCompleted : kError;
}

Time later_than(Time start, Duration d) { return d == kForever ? kNever : start + d; }

}  // namespace

ContainerModel::ContainerModel(Env& env, ContainerModelShared& shared, std::string_view node_name)
    : env_(env), shared_(shared), tag_(fnv1a_32(node_name)) {}

Duration ContainerModel::slowed(Duration d) const {
  return slow_ == 1 ? d
                    : Duration(static_cast<std::int64_t>(static_cast<double>(d.count()) * slow_));
}

Duration ContainerModel::draw(const LatencyModel& model, Uid pod, std::string_view purpose,
                              std::uint32_t attempt) {
  if (model.p99 <= model.p50) return slowed(model.p50);
  RandomStream stream = fate_stream(shared_.config.seed, pod, purpose, attempt);
  return slowed(model.draw(stream));
}

Text ContainerModel::new_id() { return make_id(tag_, ++last_number_); }

ContainerModel::Sandbox* ContainerModel::find_sandbox(const Text& id) {
  return find_number(sandboxes_, number_of(id.view()));
}
ContainerModel::Container* ContainerModel::find_container(std::uint32_t number) {
  return find_number(containers_, number);
}
ContainerModel::Container* ContainerModel::find_container(const Text& id) {
  return find_container(number_of(id.view()));
}

void ContainerModel::run_pod_sandbox(SandboxConfig config,
                                     Callback<void(Result<SandboxStatus>)> done) {
  const Uid uid = config.pod->meta.uid;
  const bool host_network = config.pod->spec->host_network;
  const std::uint32_t attempt = config.attempt;
  const Duration wait = draw(shared_.config.sandbox, uid, "sandbox", attempt);
  later(wait, [this, uid, host_network, attempt, done = std::move(done)]() mutable {
    std::optional<std::uint32_t> address = 0;
    if (!host_network) address = addresses_.take();
    if (!address) {
      done(internal_error(
          "plugin type=\"bridge\" failed (add): failed to allocate for range 0: no IP "
          "addresses available in range set: " +
          addresses_.range_text()));
      return;
    }
    Sandbox s;
    s.id = new_id();
    s.number = last_number_;
    s.address = *address;
    s.pod_uid = uid;
    s.created_at = env_.now();
    s.attempt = attempt;
    s.ready = true;
    SandboxStatus status;
    status.id = s.id;
    if (*address != 0) status.ip = AddressPool::text_of(*address);
    status.ready = true;
    status.created_at = s.created_at;
    status.pod_uid = uid;
    status.attempt = attempt;
    sandboxes_.push_back(std::move(s));
    done(std::move(status));
  });
}

void ContainerModel::release_address(Sandbox& s) {
  if (s.address != 0) addresses_.give_back(s.address);
  s.address = 0;
}

void ContainerModel::stop_pod_sandbox(Text sandbox_id, Callback<void(Status)> done) {
  soon([this, id = std::move(sandbox_id), done = std::move(done)]() mutable {
    if (Sandbox* s = find_sandbox(id)) {
      const std::uint32_t number = s->number;
      s->ready = false;
      release_address(*s);
      std::vector<std::uint32_t> running;
      for (const Container& c : containers_) {
        if (c.sandbox == number && c.phase == ContainerPhase::kRunning) running.push_back(c.number);
      }
      for (const std::uint32_t n : running) exit(n, 137, {});
    }
    if (done) done(Status());
  });
}

void ContainerModel::drop_sandbox(const Text& id) {
  Sandbox* s = find_sandbox(id);
  if (!s) return;
  release_address(*s);
  std::erase_if(containers_, [&](const Container& c) {
    if (c.sandbox != s->number) return false;
    env_.loop.cancel(c.exit_timer);
    return true;
  });
  sandboxes_.erase(sandboxes_.begin() + (s - sandboxes_.data()));
}

void ContainerModel::remove_pod_sandbox(Text sandbox_id, Callback<void(Status)> done) {
  soon([this, id = std::move(sandbox_id), done = std::move(done)]() mutable {
    drop_sandbox(id);
    if (done) done(Status());
  });
}

void ContainerModel::pull_image(Ref<const api::Pod> pod, Symbol image,
                                Callback<void(Result<Symbol>)> done) {
  const ContainerModelConfig& config = shared_.config;
  const bool fails = pull_fails(shared_, *pod, image);
  Duration wait = draw(config.pull_overhead, pod->meta.uid, image.view(), 0);
  if (!fails && !images_.has(image)) {
    const double share = static_cast<double>(image_bytes(config, image)) / (1ll << 30);
    wait += slowed(Duration(
        static_cast<std::int64_t>(static_cast<double>(config.pull_per_gib.count()) * share)));
  }
  const Time ready = fails ? env_.now() + wait
                           : images_.begin_pull(image, env_.now(), wait, config.serialize_pulls);
  later(ready - env_.now(), [this, image, fails, done = std::move(done)]() mutable {
    if (fails) {
      done(no_such_image(image.view()));
    } else {
      images_.end_pull(image, true);
      done(image);
    }
  });
}

void ContainerModel::create_container(ContainerConfig config, Callback<void(Result<Text>)> done) {
  soon([this, config = std::move(config), done = std::move(done)]() mutable {
    const Sandbox* s = find_sandbox(config.sandbox_id);
    if (!s || !s->ready) {
      done(no_such("sandbox", config.sandbox_id));
      return;
    }
    Container c;
    c.sandbox = s->number;
    c.id = new_id();
    c.number = last_number_;
    c.name = config.name;
    c.init = config.init;
    c.attempt = config.attempt;
    c.pod = std::move(config.pod);
    const auto& list = c.init ? c.pod->spec->init_containers : c.pod->spec->containers;
    for (const api::Container& spec : list) {
      if (spec.name == c.name) c.image = spec.image;
    }
    Text id = c.id;
    containers_.push_back(std::move(c));
    done(std::move(id));
  });
}

void ContainerModel::start_container(Text container_id, Callback<void(Status)> done) {
  const Container* c = find_container(container_id);
  if (!c || !c->pod) {
    soon([id = std::move(container_id), done = std::move(done)]() mutable {
      done(no_such("container", id));
    });
    return;
  }
  const std::uint32_t number = c->number;
  const Duration wait =
      draw(shared_.config.container, c->pod->meta.uid, c->name.view(), c->attempt);
  later(wait, [this, number, done = std::move(done)]() mutable {
    Container* now = find_container(number);
    if (!now || !now->pod) {
      done(internal_error("container was removed while it started"));
      return;
    }
    started(*now);
    done(Status());
  });
}

void ContainerModel::started(Container& c) {
  const ContainerFate fate = container_fate(shared_.config, *c.pod, c.name, c.init, c.attempt);
  c.pod = nullptr;
  c.phase = ContainerPhase::kRunning;
  c.started_at = env_.now();
  c.ready_at = later_than(c.started_at, fate.ready_after);
  c.liveness_fails_at = later_than(c.started_at, fate.liveness_fails_after);
  c.ignores_term = fate.ignores_term;
  c.hook_fails = fate.hook_fails;
  if (fate.lives == kForever) return;
  c.exit_timer = env_.loop.after(
      fate.lives, unless_down([this, number = c.number, code = fate.exit_code,
                               reason = fate.exit_reason] { exit(number, code, reason); }));
}

RuntimeContainer ContainerModel::status_of(const Container& c) const {
  RuntimeContainer out;
  out.id = c.id;
  out.name = c.name;
  out.phase = c.phase;
  out.exit_code = c.exit_code;
  out.reason = c.exit_reason;
  out.created_at = out.started_at = c.started_at;
  out.finished_at = c.finished_at;
  out.image_id = c.image;
  out.attempt = c.attempt;
  if (const Sandbox* s = find_number(sandboxes_, c.sandbox)) {
    out.sandbox_id = s->id;
    out.pod_uid = s->pod_uid;
  }
  return out;
}

void ContainerModel::exit(std::uint32_t number, std::int32_t code, Symbol reason) {
  Container* c = find_container(number);
  if (!c || c->phase != ContainerPhase::kRunning) return;
  env_.loop.cancel(c->exit_timer);
  c->phase = ContainerPhase::kExited;
  c->exit_code = code;
  c->exit_reason = reason_of(code, reason);
  c->finished_at = env_.now();
  if (events_) events_->on_container_exit({status_of(*c)});
}

void ContainerModel::stop_container(Text container_id, Duration grace,
                                    Callback<void(Status)> done) {
  const Container* c = find_container(container_id);
  Duration wait{};
  std::int32_t code = shared_.config.term_exit_code;
  std::uint32_t number = 0;
  if (c && c->phase == ContainerPhase::kRunning) {
    number = c->number;
    const Sandbox* s = find_number(sandboxes_, c->sandbox);
    wait = draw(shared_.config.stop, s ? s->pod_uid : Uid{}, "stop", c->attempt);
    if (c->ignores_term || wait > grace) {
      wait = grace;
      code = 137;
    }
  }
  later(wait, [this, number, code, done = std::move(done)]() mutable {
    exit(number, code, {});
    if (done) done(Status());
  });
}

void ContainerModel::remove_container(Text container_id, Callback<void(Status)> done) {
  soon([this, id = std::move(container_id), done = std::move(done)]() mutable {
    if (Container* c = find_container(id)) {
      env_.loop.cancel(c->exit_timer);
      containers_.erase(containers_.begin() + (c - containers_.data()));
    }
    if (done) done(Status());
  });
}

}  // namespace orrery::sim
