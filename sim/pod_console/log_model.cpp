#include "sim/pod_console/log_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/hash.h"

namespace orrery::sim {
namespace {

constexpr std::int64_t kStartLines = 3;
constexpr Duration kWarmUp = 1s;        // between the start and the first request
constexpr Duration kStartStep = 120ms;  // between the lines of the start

/// `echo TEXT` as the main process writes TEXT and nothing else.
std::string echo_of(const api::Container& c) {
  std::string out;
  std::size_t words = 0;
  bool is_echo = false;
  for (const auto* list : {&c.command, &c.args}) {
    for (const Text& word : *list) {
      if (words++ == 0) {
        is_echo = word == "echo" || word == "/bin/echo";
      } else {
        out += (out.empty() ? "" : " ") + word.str();
      }
    }
  }
  return is_echo ? out : std::string();
}

}  // namespace

LogModel::LogModel(const api::Pod& pod, const api::Container& container,
                   const api::ContainerState& state, std::int32_t restart)
    : pod_name_(pod.meta.namespace_.str() + "/" + pod.meta.name.str()),
      container_(container.name.str()),
      image_(container.image.str()),
      echo_(echo_of(container)),
      seed_(hash_text(container_, pod.meta.uid.hash() + static_cast<std::uint64_t>(restart))),
      started_(state.started_at),
      exit_code_(state.exit_code),
      reason_(state.reason.str()) {
  if (!container.ports.empty()) port_ = container.ports[0].container_port;
  ended_ = state.kind == api::ContainerState::Kind::kTerminated;
  finished_ = ended_ ? std::max(state.finished_at, started_) : kNever;
  period_ = 4s + std::chrono::milliseconds(mix64(seed_) % 15000);
}

std::uint64_t LogModel::draw(std::int64_t index, std::uint64_t salt) const {
  return mix64(seed_ ^ mix64(static_cast<std::uint64_t>(index) * 8 + salt));
}

Time LogModel::periodic_time(std::int64_t i) const {
  const auto slack = static_cast<std::uint64_t>(period_.count()) * 4 / 5;
  return started_ + kWarmUp + period_ * i + Duration(static_cast<std::int64_t>(draw(i, 0) % slack));
}

/// How many periodic lines lie at or before `t` (and before the end).
std::int64_t LogModel::periodic_until(Time t) const {
  if (!echo_.empty()) return 0;
  const Time first = started_ + kWarmUp;
  const Time last = ended_ ? std::min(t, finished_ - Duration(1)) : t;
  if (last < first) return 0;
  const std::int64_t i = (last - first) / period_;  // line i is in this period, maybe later
  return i + (periodic_time(i) <= last ? 1 : 0);
}

std::int64_t LogModel::count(Time now) const {
  if (!echo_.empty()) return now >= started_ ? 1 : 0;
  std::int64_t lines = 0;
  while (lines < kStartLines && started_ + kStartStep * lines <= std::min(now, finished_)) ++lines;
  lines += periodic_until(now);
  if (ended_ && now >= finished_) ++lines;
  return lines;
}

std::string LogModel::start_text(std::int64_t index) const {
  if (index == 0) return fmt::format("{}: starting in pod {}", container_, pod_name_);
  if (index == 1) return fmt::format("{}: image {}", container_, image_);
  return port_ > 0 ? fmt::format("{}: listening on :{}", container_, port_)
                   : fmt::format("{}: ready", container_);
}

std::string LogModel::request_text(std::int64_t i) const {
  static constexpr std::array<std::string_view, 6> kPaths = {
      "/", "/index.html", "/api/items", "/healthz", "/login", "/favicon.ico"};
  const std::uint64_t drawn = draw(i, 1);
  if (port_ == 0) {
    return fmt::format("{}: worked on item {} in {} ms", container_, i + 1, 1 + drawn % 90);
  }
  const std::string_view path = kPaths[drawn % kPaths.size()];
  const bool missing = path == "/favicon.ico";
  return fmt::format("10.244.{}.{} \"GET {} HTTP/1.1\" {} {} {}ms", drawn >> 8 & 7,
                     2 + (drawn >> 16) % 250, path, missing ? 404 : 200,
                     missing ? 153 : 200 + (drawn >> 24) % 4000, 1 + (drawn >> 40) % 60);
}

LogLine LogModel::line(std::int64_t index) const {
  if (!echo_.empty()) return {started_, echo_};
  std::int64_t starts = 0;
  while (starts < kStartLines && started_ + kStartStep * starts <= finished_) ++starts;
  if (index < starts) return {started_ + kStartStep * index, start_text(index)};
  const std::int64_t i = index - starts;
  if (!ended_ || i < periodic_until(finished_)) return {periodic_time(i), request_text(i)};
  return {finished_, exit_code_ == 0
                         ? fmt::format("{}: done", container_)
                         : fmt::format("{}: exiting with code {} ({})", container_, exit_code_,
                                       reason_.empty() ? "Error" : reason_)};
}

std::int64_t LogModel::first_since(Time time) const {
  return time <= started_ ? 0 : count(time - Duration(1));
}

Time LogModel::next_after(Time now) const {
  if (ended_ || !echo_.empty()) return kNever;
  const std::int64_t next = count(now);
  return line(next).time;
}

}  // namespace orrery::sim
