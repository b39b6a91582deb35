// golden_lines: the records of one recorded file, from $ORRERY_GOLDEN or its default place.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace orrery::golden {

/// Empty if the file is not there: the test should then be skipped.
std::vector<nlohmann::json> golden_lines(const std::string& file);

}  // namespace orrery::golden
