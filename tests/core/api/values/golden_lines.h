// The lines of a recorded data set, for golden tests; null where the data is not there.
#pragma once

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace orrery::api {

inline std::optional<std::vector<std::string>> golden_lines(const std::string& file) {
  const char* given = std::getenv("ORRERY_GOLDEN");
  std::ifstream in(std::string(given ? given : "../shared/data/golden") + "/" + file);
  if (!in) return std::nullopt;
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(line);
  }
  return out;
}

}  // namespace orrery::api
