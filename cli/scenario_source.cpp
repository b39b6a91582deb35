#include "cli/scenario_source.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sim/scenario/scenario_reader.h"

namespace orrery::cli {
namespace {

// The scenario that `--manifests DIR --nodes N` stands for.
std::string manifests_scenario(const ScenarioSource& s) {
  const auto name = std::filesystem::path(s.manifests).lexically_normal();
  std::string stem =
      name.filename().empty() ? name.parent_path().filename().string() : name.stem().string();
  for (char& c : stem)
    c = static_cast<char>(std::isalnum(static_cast<unsigned char>(c)) ? std::tolower(c) : '-');
  return fmt::format(
      "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {{name: \"{}\"}}\nspec:\n"
      "  until: 10m\n  cluster: {{nodePools: [{{name: node, count: {}, cpu: \"{}\", memory: "
      "\"{}\"}}]}}\n"
      "  manifests: [\"{}\"]\n  expect: [{{available: all}}]\n",
      stem.empty() ? "manifests" : stem, s.nodes, s.cpu, s.memory,
      std::filesystem::absolute(s.manifests).string());
}

}  // namespace

void ScenarioSource::add_to(CLI::App& command) {
  command.add_option("SCENARIO", scenario, "Scenario file (docs/scenario.md)");
  command.add_option("--manifests", manifests, "Instead of a scenario: a manifest file or folder");
  command.add_option("--nodes", nodes, "With --manifests: how many nodes");
  command.add_option("--cpu", cpu, "With --manifests: CPU of a node")->capture_default_str();
  command.add_option("--memory", memory, "With --manifests: memory of a node")
      ->capture_default_str();
  command.add_option("--scheduler-config", scheduler_config,
                     "A KubeSchedulerConfiguration (docs/scheduler.md); instead of the scenario's "
                     "scheduler settings");
  command.add_option("--seed", seed, "Instead of the scenario's seed");
}

Result<sim::Scenario> ScenarioSource::read() const {
  if (scenario.empty() == manifests.empty()) {
    return bad_request("give either a SCENARIO file or --manifests DIR with --nodes N");
  }
  if (!manifests.empty() && nodes <= 0) {
    return bad_request("--manifests needs --nodes N, the number of nodes to run them on");
  }
  Result<sim::Scenario> out =
      manifests.empty() ? sim::read_scenario(scenario)
                        : sim::parse_scenario(manifests_scenario(*this), "--manifests", true);
  if (!out.ok()) return out;
  if (seed) out->seed = *seed;
  if (!scheduler_config.empty()) {
    const sim::GpuPolicy gpu_policy = out->scheduler.gpu_policy;
    out->scheduler = {};
    out->scheduler.gpu_policy = gpu_policy;
    out->scheduler.config = std::filesystem::absolute(scheduler_config).string();
  }
  if (!until.empty()) {
    const Result<Duration> end = parse_duration(until);
    if (!end.ok() || *end <= Duration{0}) {
      return bad_request(
          fmt::format("--until: must be a duration such as 30m or 2h, got \"{}\"", until));
    }
    out->until = *end;
    out->record.series_interval.reset();
    out->record.placement_interval.reset();
    sim::fill_defaults(*out);
  }
  return out;
}

std::string ScenarioSource::words() const {
  std::string line;
  if (!scenario.empty()) line += " " + scenario;
  if (!manifests.empty()) {
    line += fmt::format(" --manifests {} --nodes {}", manifests, nodes);
    if (cpu != "4") line += " --cpu " + cpu;
    if (memory != "16Gi") line += " --memory " + memory;
  }
  if (!scheduler_config.empty()) line += " --scheduler-config " + scheduler_config;
  if (seed) line += fmt::format(" --seed {}", *seed);
  if (!until.empty()) line += " --until " + until;
  return line;
}

}  // namespace orrery::cli
