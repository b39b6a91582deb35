#include "tests/golden/controllers/golden_file.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace orrery::golden {

std::vector<nlohmann::json> golden_lines(const std::string& file) {
  const char* folder = std::getenv("ORRERY_GOLDEN");
  std::ifstream in((folder ? std::string(folder) : "../shared/data/golden") + "/" + file);
  std::vector<nlohmann::json> out;
  for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
  return out;
}

}  // namespace orrery::golden
