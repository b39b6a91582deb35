// WorkloadFilter: which workloads of the files run: by name as `go test -bench` selects, by label
// as scheduler_perf's -perf-scheduling-label-filter does.
#pragma once

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "sim/benchmarks/workload_file.h"

namespace orrery::sim {

struct SelectedWorkload {
  const TestCase* test_case = nullptr;
  const Workload* workload = nullptr;

  /// `SchedulingBasic/5000Nodes_10000Pods`.
  std::string name() const { return test_case->name + "/" + workload->name; }
};

class WorkloadFilter {
 public:
  /// `name`: regular expressions between slashes, each unanchored and for one element of the name;
  /// "" selects all. `labels`: a comma-separated list of labels that must be there, or with - must
  /// not. BadRequest for what is no regular expression.
  static Result<WorkloadFilter> parse(std::string_view name, std::string_view labels);

  bool selects(const TestCase& test_case, const Workload& workload) const;
  /// In the order of the files. `cases` outlives what is returned.
  std::vector<SelectedWorkload> select(const std::vector<TestCase>& cases) const;

 private:
  std::vector<std::regex> elements_;
  std::vector<std::string> wanted_, unwanted_;
};

}  // namespace orrery::sim
