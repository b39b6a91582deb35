#include "tests/golden/api/golden_lines.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace orrery::test {

std::vector<nlohmann::json> golden_lines(const std::string& file) {
  const char* given = std::getenv("ORRERY_GOLDEN");
  std::ifstream in(std::string(given ? given : "../shared/data/golden") + "/" + file);
  std::vector<nlohmann::json> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(nlohmann::json::parse(line));
  }
  return out;
}

std::set<std::string> known_differences() {
  std::ifstream in("docs/api-differences.md");
  std::set<std::string> names;
  for (std::string line; std::getline(in, line);) {
    constexpr std::string_view kStart = "- ``";
    if (!line.starts_with(kStart)) continue;
    const std::size_t end = line.find("``", kStart.size());
    if (end == std::string::npos) continue;
    std::string name = line.substr(kStart.size(), end - kStart.size());
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    names.insert(name);
  }
  return names;
}

void DifferenceReport::add(const std::string& name, const std::vector<std::string>& differences,
                           const std::set<std::string>& known) {
  const bool is_known = known.contains(name);
  ++(differences.empty() ? equal : different);
  if (differences.empty() && is_known) listed_equal.push_back(name);
  if (differences.empty() || is_known) {
    if (!std::getenv("ORRERY_SHOW_DIFFERENCES") || differences.empty()) return;
  } else {
    unlisted.push_back(name);
  }
  std::cout << "## " << name << "\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(differences.size(), 12); ++i) {
    std::cout << "   " << differences[i].substr(0, 900) << "\n";
  }
}

}  // namespace orrery::test
