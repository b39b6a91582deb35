#include "sim/pod_console/console_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/pod_console/container_files.h"

namespace orrery::sim {
namespace {

using Kind = api::ContainerState::Kind;

constexpr std::size_t kPieceBytes = 32 << 10;
constexpr Duration kLook = 1s;  // how often a follower looks whether the container has ended

/// RFC3339Nano in UTC, as the runtime stamps each line.
std::string stamp(Time t) {
  const std::string micro = format_rfc3339(t);  // 2026-11-23T04:13:40Z
  const auto nanos = (t - truncate_to_second(t)).count();
  std::string fraction = fmt::format("{:09}", nanos);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  std::string out = micro.substr(0, micro.size() - 1);
  if (!fraction.empty()) out += "." + fraction;
  return out + "Z";
}

const api::ContainerStatus* status_of(const api::Pod& pod, Symbol container) {
  for (const auto* list : {&pod.status.container_statuses, &pod.status.init_container_statuses}) {
    for (const api::ContainerStatus& status : *list) {
      if (status.name == container) return &status;
    }
  }
  return nullptr;
}

}  // namespace

LogFollower::LogFollower(EventLoop& loop, PodView& view, PodTarget target, LogOptions options,
                         Callback<void(std::string_view)> lines, Callback<void(Status)> end)
    : loop_(loop),
      view_(view),
      target_(std::move(target)),
      options_(options),
      lines_(std::move(lines)),
      end_(std::move(end)),
      bytes_left_(options.limit_bytes.value_or(INT64_MAX)) {
  timer_ = loop_.at(loop_.now(), [this] { begin(); });
}

LogFollower::~LogFollower() { loop_.cancel(timer_); }

void LogFollower::set_paused(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  loop_.cancel(timer_);
  if (!paused) timer_ = loop_.at(loop_.now(), [this] { step(); });
}

/// Finds the run to show, and how it stands now. False: there is none (any more).
bool LogFollower::read_state() {
  const Ref<const api::Pod> pod = view_.find_pod(target_.namespace_, target_.pod.view());
  if (!pod || pod->meta.uid != target_.uid) return false;
  const api::Container* container = find_container(*pod, target_.container);
  const api::ContainerStatus* status = status_of(*pod, target_.container);
  if (!container || !status) return false;
  const api::ContainerState* state = &status->state;
  std::int32_t restart = status->restart_count;
  const bool waits = state->kind != Kind::kRunning && state->kind != Kind::kTerminated;
  const bool restarted = restart_ >= 0 && restart > restart_;
  if ((restart_ < 0 && (options_.previous || waits)) || (restart_ >= 0 && (restarted || waits))) {
    state = status->last_state.get();
    // While it waits for its next run, the count still is that of the run before.
    if (!waits) --restart;
    if (!state || state->kind != Kind::kTerminated || (restart_ >= 0 && restart != restart_)) {
      return false;
    }
  }
  restart_ = restart;
  model_.emplace(*pod, *container, *state, restart);
  return true;
}

void LogFollower::begin() {
  if (!read_state()) {
    return end(bad_request(fmt::format("container \"{}\" in pod \"{}\" is not available",
                                       target_.container.view(), target_.pod.view())));
  }
  const std::int64_t count = model_->count(loop_.now());
  next_ = std::max<std::int64_t>(0, count - kLinesMax);
  if (options_.tail_lines && *options_.tail_lines < count - next_) {
    next_ = count - *options_.tail_lines;
  }
  std::optional<Time> since = options_.since_time;
  // Whole seconds are compared without multiplying: the option may be any 64-bit number.
  if (options_.since_seconds && *options_.since_seconds < 1'000'000'000) {
    since = loop_.now() - std::chrono::seconds(*options_.since_seconds);
  }
  if (since) next_ = std::max(next_, model_->first_since(*since));
  step();
}

std::string LogFollower::text_of(const LogLine& line) const {
  return (options_.timestamps ? stamp(line.time) + " " : std::string()) + line.text + "\n";
}

void LogFollower::write_piece(std::int64_t count) {
  std::string piece;
  while (next_ < count && piece.size() < kPieceBytes) piece += text_of(model_->line(next_++));
  if (static_cast<std::int64_t>(piece.size()) > bytes_left_) {
    piece.resize(static_cast<std::size_t>(bytes_left_));
  }
  bytes_left_ -= static_cast<std::int64_t>(piece.size());
  if (!piece.empty()) lines_(piece);
}

void LogFollower::step() {
  if (options_.follow && !gone_ && !read_state()) gone_ = true;
  const std::int64_t count = model_->count(loop_.now());
  if (next_ < count) write_piece(count);
  if (bytes_left_ == 0) return end({});
  if (paused_) return;
  if (next_ < count) {
    timer_ = loop_.at(loop_.now(), [this] { step(); });
  } else if (!options_.follow || gone_ || model_->ended()) {
    end({});
  } else {
    wait();
  }
}

void LogFollower::wait() {
  const Time look = loop_.now() + kLook;
  const Time next = model_->next_after(loop_.now());
  timer_ = loop_.at(std::min(look, next), [this] { step(); });
}

void LogFollower::end(const Status& why) { end_(why); }

ConsoleLog::ConsoleLog(EventLoop& loop, PodView& view, PodTarget target, LogOptions options,
                       LogSink& sink)
    : follower_(
          loop, view, std::move(target), options,
          [&sink](std::string_view bytes) { sink.on_log(bytes); },
          [&sink](Status why) { sink.on_log_end(why); }) {}

LogAttach::LogAttach(EventLoop& loop, PodView& view, PodTarget target, bool tty, ExecSink& sink)
    : follower_(
          loop, view, std::move(target), LogOptions{.follow = true, .tail_lines = 0},
          [&sink, tty](std::string_view bytes) {
            std::string out;
            for (const char c : bytes) {
              if (tty && c == '\n') out += '\r';
              out += c;
            }
            sink.on_stdout(out);
          },
          [&sink](const Status& why) {
            sink.on_exit({0, why.ok() ? std::string() : why.message()});
          }) {}

}  // namespace orrery::sim
