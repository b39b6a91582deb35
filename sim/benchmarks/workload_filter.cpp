#include "sim/benchmarks/workload_filter.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::sim {
namespace {

// The parts between slashes; with `expression`, those outside of brackets only.
std::vector<std::string> split(std::string_view text, bool expression) {
  std::vector<std::string> out(1);
  int brackets = 0, parentheses = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (expression && c == '\\' && i + 1 < text.size()) {
      out.back() += c;
      out.back() += text[++i];
      continue;
    }
    if (c == '/' && brackets == 0 && parentheses == 0) {
      out.emplace_back();
      continue;
    }
    out.back() += c;
    if (!expression) continue;
    if (c == '[') ++brackets;
    if (c == ']' && brackets > 0) --brackets;
    if (c == '(' && brackets == 0) ++parentheses;
    if (c == ')' && brackets == 0 && parentheses > 0) --parentheses;
  }
  return out;
}

}  // namespace

Result<WorkloadFilter> WorkloadFilter::parse(std::string_view name, std::string_view labels) {
  WorkloadFilter out;
  if (!name.empty()) {
    for (const std::string& part : split(name, true)) {
      try {
        out.elements_.emplace_back(part, std::regex::ECMAScript);
      } catch (const std::regex_error& error) {
        return bad_request(fmt::format("--name: \"{}\": {}", part, error.what()));
      }
    }
  }
  while (!labels.empty()) {
    const std::size_t comma = std::min(labels.find(','), labels.size());
    std::string_view one = labels.substr(0, comma);
    labels.remove_prefix(std::min(comma + 1, labels.size()));
    if (one.empty()) continue;
    const bool unwanted = one.front() == '-';
    if (unwanted || one.front() == '+') one.remove_prefix(1);
    (unwanted ? out.unwanted_ : out.wanted_).emplace_back(one);
  }
  return out;
}

bool WorkloadFilter::selects(const TestCase& test_case, const Workload& workload) const {
  const auto has = [&](const std::string& label) {
    return std::find(workload.labels.begin(), workload.labels.end(), label) !=
           workload.labels.end();
  };
  if (!std::all_of(wanted_.begin(), wanted_.end(), has)) return false;
  if (std::any_of(unwanted_.begin(), unwanted_.end(), has)) return false;
  const std::vector<std::string> name = split(test_case.name + "/" + workload.name, false);
  if (elements_.size() > name.size()) return false;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (!std::regex_search(name[i], elements_[i])) return false;
  }
  return true;
}

std::vector<SelectedWorkload> WorkloadFilter::select(const std::vector<TestCase>& cases) const {
  std::vector<SelectedWorkload> out;
  for (const TestCase& c : cases) {
    for (const Workload& w : c.workloads) {
      if (selects(c, w)) out.push_back({&c, &w});
    }
  }
  return out;
}

}  // namespace orrery::sim
