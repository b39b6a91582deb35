// orrery sim serve: a simulated cluster behind a real Kubernetes API.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/scenario_source.h"
#include "cli/served_cluster.h"
#include "cli/terminal.h"

namespace orrery::cli {
namespace {

struct Options {
  ScenarioSource source;
  std::string speed = "1", host = "127.0.0.1", kubeconfig = kKubeconfigName;
  std::uint16_t port = 0;
  int verbosity = 0;
  bool quiet = false;
};

Status read_speed(const std::string& text, ServedCluster::Options& out) {
  out.paused = text == "paused";
  if (out.paused) return Status();
  const Result<double> speed = parse_speed(text);
  if (!speed.ok()) return bad_request("--" + speed.status().message() + ", or paused");
  out.speed = *speed;
  return Status();
}

void log_to_stderr(sim::Simulation& run, int verbosity) {
  if (verbosity == 0) return;
  run.log() = Log(verbosity > 1 ? LogLevel::kDebug : LogLevel::kInfo,
                  [](LogLevel, std::string_view line) { fmt::print(stderr, "{}\n", line); });
  run.log().set_clock(run.env().loop.clock());
}

// A connection is a file: as many as the system lets this process have.
void raise_open_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

int serve(const Options& o) {
  const auto refused = [](const Status& status, ExitCode code) {
    print_errors(status);
    return code;
  };
  ServedCluster::Options options;
  options.host = o.host;
  options.port = o.port;
  if (const Status s = read_speed(o.speed, options); !s.ok()) return refused(s, kBadInput);
  Result<sim::Scenario> scenario = o.source.read();
  if (!scenario.ok()) return refused(scenario.status(), kBadInput);
  raise_open_files();
  const std::string name = scenario->name;
  auto cluster = ServedCluster::make(std::move(*scenario), options);
  if (!cluster.ok()) {
    const bool is_input =
        cluster.status().is(Reason::kInvalid) || cluster.status().is(Reason::kBadRequest);
    return refused(cluster.status(), is_input ? kBadInput : kWorldFailed);
  }
  log_to_stderr((*cluster)->simulation(), o.verbosity);
  const std::string path = std::filesystem::absolute(o.kubeconfig).lexically_normal().string();
  if (const Status s = write_kubeconfig(path, (*cluster)->access()); !s.ok()) {
    return refused(s, kWorldFailed);
  }
  if (!o.quiet) {
    fmt::print(
        "{} is served at {} (Kubernetes v1.36), {}\n\n  export KUBECONFIG={}\n  kubectl get "
        "nodes\n\nClock: orrery sim clock --kubeconfig {} show|pause|resume|speed K|step 10s|until "
        "T\nEnd with ctrl-C.\n",
        name, (*cluster)->access().server,
        options.paused ? "paused" : "speed " + speed_text(options.speed), path, o.kubeconfig);
    std::fflush(stdout);
  }
  (*cluster)->run();
  return kDone;
}

}  // namespace

void add_sim_serve(CLI::App& sim, int& code) {
  CLI::App* command =
      sim.add_subcommand("serve", "Serve a simulated cluster: kubectl and helm work on it");
  auto o = std::make_shared<Options>();
  o->source.add_to(*command);
  command->add_option("--speed", o->speed, "Virtual time to wall time: 1, 60, ..., max or paused")
      ->capture_default_str();
  command->add_option("--host", o->host, "Address to listen on")->capture_default_str();
  command->add_option("--port", o->port, "Port to listen on; 0: any free one")
      ->capture_default_str();
  command->add_option("--kubeconfig", o->kubeconfig, "Where to write the kubeconfig")
      ->capture_default_str();
  command->add_flag("--quiet", o->quiet, "Do not say where it is served");
  command->add_flag("-v", o->verbosity, "Log to stderr; -vv more");
  command->footer(
      "Examples:\n  orrery sim serve scenarios/self-healing.yaml --speed 30\n  orrery sim serve "
      "--manifests my-app/ --nodes 6 --port 6443 --kubeconfig my-app.kubeconfig");
  command->callback([o, &code] { code = serve(*o); });
}

}  // namespace orrery::cli
