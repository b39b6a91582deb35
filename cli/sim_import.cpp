// orrery sim import: a scenario file from a recorded trace.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "sim/scenario/trace_import.h"

namespace orrery::cli {

void add_sim_import(CLI::App& sim, int& code) {
  CLI::App* import = sim.add_subcommand("import", "Make a scenario from a recorded trace");
  import->require_subcommand(1);
  CLI::App* openb = import->add_subcommand(
      "openb", "The openb GPU cluster trace: its CSV files as nodes and pods with real arrivals");
  struct Options {
    std::string dir, out = "openb.yaml";
    sim::OpenbOptions trace;
  };
  auto options = std::make_shared<Options>();
  openb
      ->add_option("DIR", options->dir,
                   "Folder with openb_node_list_*.csv and openb_pod_list_*.csv")
      ->required();
  openb->add_option("--out", options->out, "Scenario file to write")->capture_default_str();
  openb->add_option("--pods", options->trace.pods, "Which openb_pod_list_NAME.csv")
      ->capture_default_str();
  openb->add_option("--limit", options->trace.limit, "Only the first so many pods; 0: all");
  openb->add_option("--time-scale", options->trace.speed, "2: all times halved")
      ->capture_default_str();
  openb->footer(
      "Examples:\n  orrery sim import openb traces/openb --out openb.yaml\n  orrery sim run "
      "openb.yaml");
  openb->callback([options, &code] {
    const Status status = sim::write_openb_scenario(options->dir, options->out, options->trace);
    if (!status.ok()) {
      print_errors(status);
      code = kBadInput;
      return;
    }
    fmt::print("wrote {}\nrun it: orrery sim run {}\n", options->out, options->out);
  });
}

}  // namespace orrery::cli
