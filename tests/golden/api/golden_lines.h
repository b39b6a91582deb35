// The recorded lines, and the list of known differences in docs/api-differences.md: every case or
// sequence that differs is named there, in backticks at the start of a list item, with its reason.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace orrery::test {

/// Empty if there is no recorded data.
std::vector<nlohmann::json> golden_lines(const std::string& file);

std::set<std::string> known_differences();

/// Compares what differs with what is listed. ORRERY_SHOW_DIFFERENCES=1 prints each difference.
struct DifferenceReport {
  std::size_t equal = 0;
  std::size_t different = 0;
  std::vector<std::string> unlisted;      // differ and are not listed
  std::vector<std::string> listed_equal;  // are listed and do not differ
  void add(const std::string& name, const std::vector<std::string>& differences,
           const std::set<std::string>& known);
};

}  // namespace orrery::test
