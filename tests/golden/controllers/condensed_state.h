// condensed_state: objects as the recording notes them: without times, uids and random names, pods
// grouped and counted; and the comparison that honours the recording's wildcards.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/golden/controllers/trace_world.h"

namespace orrery::golden {

/// The kinds that `recorded` lists (plural names), as they are now.
nlohmann::json condensed_state(const TraceWorld& world, const nlohmann::json& recorded);

/// What differs, one line each: "path: recorded ..., here ...". `<varies>` equals anything,
/// `<rand>` in a text five characters.
std::vector<std::string> differences(const nlohmann::json& recorded, const nlohmann::json& here);

}  // namespace orrery::golden
