// The `orrery` program: wiring of commands, no logic.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "cli/bench.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app{"Orrery: one Kubernetes-like core, simulated or live"};
  app.require_subcommand(1);
  app.footer(
      "Examples:\n  orrery sim run scenarios/self-healing.yaml\n  orrery sim run --manifests "
      "my-app/ --nodes 6\n\nExit codes: 0 done, 1 the run failed its own checks, 2 bad input, "
      "3 the world failed.");
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string("error: ") + error.what() + "\nRun with --help for more information.\n";
  });
  int code = orrery::cli::kDone;
  app.add_subcommand("version", "Print the version")->callback([] {
    std::printf("orrery %s (Kubernetes v1.36)\n", ORRERY_VERSION);
  });
  CLI::App* sim = app.add_subcommand("sim", "Simulate a cluster on a virtual clock");
  sim->require_subcommand(1);
  orrery::cli::add_sim_run(*sim, code);
  orrery::cli::add_sim_serve(*sim, code);
  orrery::cli::add_sim_clock(*sim, code);
  orrery::cli::add_sim_import(*sim, code);
  orrery::cli::add_explain(app, code);
  orrery::cli::add_bench(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int answer = app.exit(error);
    return answer == 0 ? orrery::cli::kDone : orrery::cli::kBadInput;
  }
  return code;
}
