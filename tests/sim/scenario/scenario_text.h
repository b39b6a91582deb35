// Short scenarios for tests: what every scenario needs, around the lines that a test is about.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario_reader.h"

namespace orrery::sim {

/// A whole scenario; `spec` starts at line 5 and is indented by two.
inline std::string scenario_with(const std::string& spec) {
  return "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: x}\nspec:\n" + spec;
}

inline const char* const kOnePool = "  cluster: {nodePools: [{name: n, count: 3}]}\n";

inline std::vector<std::string> errors_of(const std::string& text) {
  const auto parsed = parse_scenario(text, "x.yaml", false);
  std::vector<std::string> out;
  const Status status = parsed.status();
  for (const StatusCause& cause : status.details().causes) out.push_back(cause.message);
  return out;
}

}  // namespace orrery::sim
