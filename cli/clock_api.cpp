#include "cli/clock_api.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace orrery::cli {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end()) return {};
  return it->is_string() ? it->get<std::string>() : it->dump();
}

}  // namespace

Result<double> parse_speed(const std::string& text) {
  if (text == "max") return ScaledDriver::kSpeedMax;
  double speed = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, speed);
  if (error != std::errc() || stop != end || !(speed > 0) || !std::isfinite(speed)) {
    return bad_request(
        fmt::format("speed: must be a factor of wall time such as 1 or 60, or max, got \"{}\"",
                    text));
  }
  return speed;
}

std::string speed_text(double speed) {
  return speed == ScaledDriver::kSpeedMax ? "max" : fmt::format("{}", speed);
}

ClockApi::ClockApi(Env& env, ScaledDriver& driver, Time start)
    : env_(env), driver_(driver), start_(start) {}

void ClockApi::add_to(apiserver::WireServer& server) {
  server.add_route(kClockPath, [this](apiserver::CallRef call) { serve(std::move(call)); });
}

void ClockApi::serve(apiserver::CallRef call) {
  const std::string& method = call->request().method;
  if (method == "GET" || method == "HEAD") return answer(*call, false);
  if (method != "POST" && method != "PUT") return call->fail(apiserver::method_not_allowed());
  const json body = json::parse(call->request().body, nullptr, false);
  if (!body.is_object()) {
    return call->fail(bad_request("the body must be an object such as {\"action\": \"pause\"}"));
  }
  Time goal{};
  const Status status = steer(text_of(body, "action"), text_of(body, "value"), goal);
  if (!status.ok()) return call->fail(status);
  if (goal <= env_.now()) return answer(*call, is_set(goal));
  waiting_.push_back({goal, std::move(call)});
  env_.loop.at(goal, [this, alive = alive_] {
    if (*alive) answer_arrived(false);
  });
}

Status ClockApi::steer(const std::string& action, const std::string& value, Time& goal) {
  if (action == "show") return Status();
  if (action == "pause" || action == "resume") {
    action == "pause" ? driver_.pause() : driver_.resume();
    answer_arrived(true);
    return Status();
  }
  if (action == "speed") {
    const Result<double> speed = parse_speed(value);
    if (speed.ok()) driver_.set_speed(*speed);
    return speed.status();
  }
  if (action == "step" || action == "until") {
    const Result<Duration> by = parse_duration(value);
    if (by.ok() && *by < Duration(0)) {
      return bad_request(fmt::format("{}: must not be negative, got \"{}\"", action, value));
    }
    if (by.ok()) {
      goal = action == "step" ? env_.now() + *by : start_ + *by;
    } else {
      const Result<Time> at = parse_rfc3339(value);
      if (!at.ok() || action == "step") {
        return bad_request(fmt::format("{}: must be a duration such as 10s{}, got \"{}\"", action,
                                       action == "until" ? " since the start, or an instant such "
                                                           "as 2026-01-01T00:05:00Z"
                                                         : "",
                                       value));
      }
      goal = *at;
    }
    if (goal < env_.now()) {
      return bad_request(fmt::format("{}: {} has passed: it is {}", action, value,
                                     format_rfc3339_micro(env_.now())));
    }
    answer_arrived(true);
    driver_.run_until(goal);
    return Status();
  }
  return bad_request(fmt::format(
      "action: must be pause, resume, speed, step, until or show, got \"{}\"", action));
}

// `all`: the clock was steered elsewhere, so steps that are under way end here.
void ClockApi::answer_arrived(bool all) {
  std::vector<Waiting> left;
  for (Waiting& w : std::exchange(waiting_, {})) {
    if (all || w.goal <= env_.now()) {
      answer(*w.call, !all);
    } else {
      left.push_back(std::move(w));
    }
  }
  waiting_ = std::move(left);
}

void ClockApi::answer(apiserver::Call& call, bool arrived) const {
  const json state = {{"kind", "Clock"},
                      {"apiVersion", "orrery.dev/v1alpha1"},
                      {"now", format_rfc3339_micro(env_.now())},
                      {"elapsed", format_duration(env_.now() - start_)},
                      {"speed", speed_text(driver_.speed())},
                      {"paused", arrived || driver_.is_paused()}};
  call.reply(200, "application/json", state.dump() + "\n");
}

}  // namespace orrery::cli
