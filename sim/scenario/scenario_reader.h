// Reads scenario files: YAML -> Scenario with all defaults filled in, or all errors of the file at
// once, each as `file:line: path: what`. Called by the CLI and tests; the engine gets the struct.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

/// Reads and checks a scenario file; paths it names must exist. The Status of a bad file is
/// Invalid: its message has one line for each error, details().causes one entry.
Result<Scenario> read_scenario(const std::string& file);
/// The same for text. `file` names it in errors and is where relative paths start; with
/// `check_paths` off, files it names need not exist.
Result<Scenario> parse_scenario(std::string_view text, const std::string& file, bool check_paths);

/// The full form, defaults included, as a `kind: Scenario` document; reading it gives the same
/// again.
Tree to_tree(const Scenario& scenario);
nlohmann::json to_json(const Scenario& scenario);

/// Fills in defaults that depend on other fields (zones, record intervals). The readers call it;
/// call it again after changing `until` or the cluster by hand.
void fill_defaults(Scenario& scenario);
/// True nodes of the scenario's pools; those of a trace are not counted.
std::int64_t pool_nodes(const Scenario& scenario);

}  // namespace orrery::sim
