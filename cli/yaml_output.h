// JSON documents as YAML text, for `-o yaml`.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace orrery::cli {

std::string to_yaml(const nlohmann::json& document);

}  // namespace orrery::cli
