// orrery sim clock: steers the clock of a served simulation.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/clock_api.h"
#include "cli/commands.h"
#include "cli/kubeconfig.h"
#include "cli/terminal.h"
#include "live/http_call.h"

namespace orrery::cli {
namespace {

using nlohmann::json;

// A step of a large cluster may take a while.
constexpr Duration kPatience = 1h;

struct Options {
  std::string kubeconfig, output = "table", value;
};

Result<json> post(const ClusterAccess& access, const json& body) {
  HttpPost call;
  call.url = access.server + kClockPath;
  call.body = body.dump();
  call.timeout = kPatience;
  call.tls.emplace();
  call.tls->ca_data = access.ca_pem;
  call.tls->cert_data = access.certificate_pem;
  call.tls->key_data = access.key_pem;
  boost::asio::io_context io;
  std::optional<Result<HttpAnswer>> answer;
  start_http_call(io, std::move(call), [&](Result<HttpAnswer> got) { answer = std::move(got); });
  io.run();
  if (!answer) return internal_error("no answer from " + access.server);
  if (!answer->ok()) return answer->status();
  json state = json::parse((*answer)->body, nullptr, false);
  if ((*answer)->code == 200 && state.is_object()) return state;
  const std::string why = state.is_object() && state.contains("message")
                              ? state["message"].get<std::string>()
                              : fmt::format("{} answered {}: it is no `orrery sim serve`",
                                            access.server, (*answer)->code);
  return bad_request(why);
}

void print(const json& state, const std::string& output) {
  if (output == "json") {
    fmt::print("{}\n", state.dump(1));
    return;
  }
  const bool paused = state.value("paused", false);
  fmt::print("{}  {} since the start  {}\n", state.value("now", ""), state.value("elapsed", ""),
             paused ? "paused (speed " + state.value("speed", "") + ")"
                    : "speed " + state.value("speed", ""));
}

int steer(const Options& o, const std::string& action) {
  const Result<ClusterAccess> access = read_kubeconfig(kubeconfig_path(o.kubeconfig));
  if (!access.ok()) {
    print_errors(access.status());
    return kBadInput;
  }
  const Result<json> state = post(*access, {{"action", action}, {"value", o.value}});
  if (!state.ok()) {
    print_errors(state.status());
    return state.status().is(Reason::kBadRequest) ? kBadInput : kWorldFailed;
  }
  print(*state, o.output);
  return kDone;
}

}  // namespace

void add_sim_clock(CLI::App& sim, int& code) {
  CLI::App* clock = sim.add_subcommand("clock", "Steer the clock of a served simulation");
  clock->require_subcommand(1);
  auto o = std::make_shared<Options>();
  clock->fallthrough();
  clock->add_option("--kubeconfig", o->kubeconfig,
                    "Of the served simulation; default ./orrery-kubeconfig, then $KUBECONFIG");
  clock->add_option("-o,--output", o->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  const auto add = [&](const std::string& action, const char* help, const char* value) {
    CLI::App* command = clock->add_subcommand(action, help);
    if (value) command->add_option(value, o->value)->required();
    command->callback([o, action, &code] { code = steer(*o, action); });
  };
  add("show", "Print what time it is and how fast it goes", nullptr);
  add("pause", "Stop the clock; the API goes on answering", nullptr);
  add("resume", "Let it run again", nullptr);
  add("speed", "Run at a factor of wall time, or max", "SPEED");
  add("step", "Run so much virtual time as fast as it can, then pause", "DURATION");
  add("until", "Run to 5m after the start, or to an instant, then pause", "TIME");
  clock->footer("Examples:\n  orrery sim clock step 10s\n  orrery sim clock speed 60 --kubeconfig "
                "orrery-kubeconfig");
}

}  // namespace orrery::cli
