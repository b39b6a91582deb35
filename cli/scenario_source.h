// ScenarioSource: the flags by which commands are told what to simulate, and the scenario that they
// stand for: a file, or `--manifests DIR --nodes N`, with seed, time and scheduler overridden.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/scenario.h"

namespace CLI {
class App;
}

namespace orrery::cli {

struct ScenarioSource {
  std::string scenario, manifests, cpu = "4", memory = "16Gi", scheduler_config, until;
  std::int64_t nodes = 0;
  std::optional<std::uint64_t> seed;

  /// Adds SCENARIO, --manifests, --nodes, --cpu, --memory, --scheduler-config and --seed; this
  /// object must outlive the parsing.
  void add_to(CLI::App& command);
  /// BadRequest or the reader's errors.
  Result<sim::Scenario> read() const;
  /// The same as words of a command line, each after a space.
  std::string words() const;
};

}  // namespace orrery::cli
