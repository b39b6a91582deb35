// scheduler_perf's own files, unmodified: all are read, and the small workloads (label
// integration-test) bind every pod that they measure.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "sim/benchmarks/workload_filter.h"
#include "sim/benchmarks/workload_runner.h"

namespace orrery::sim {
namespace {

std::string folder() {
  const char* data = std::getenv("ORRERY_DATA");
  return std::string(data ? data : "../shared/data") + "/scheduler_perf";
}

std::string file_of(const std::string& group) {
  return folder() + "/" + group + "/performance-config.yaml";
}

class RealWorkloads : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(file_of(GetParam()))) {
      GTEST_SKIP() << "no " << file_of(GetParam());
    }
  }
};

TEST_P(RealWorkloads, AreReadWithoutAnUnknownField) {
  const auto cases = read_workload_file(file_of(GetParam()));
  ASSERT_TRUE(cases.ok()) << cases.status().message();
  std::size_t workloads = 0;
  for (const TestCase& c : cases.value()) {
    for (const Workload& w : c.workloads) {
      ++workloads;
      const auto ops = resolve(c, w);
      EXPECT_TRUE(ops.ok()) << ops.status().message();
    }
  }
  // Test cases and workloads as `grep -c` counts them in the files.
  const std::map<std::string, std::pair<std::size_t, std::size_t>> kCounts = {
      {"misc", {9, 61}}, {"affinity", {12, 69}}, {"topology_spreading", {4, 23}},
      {"volumes", {5, 28}}};
  const auto expected = kCounts.at(GetParam());
  EXPECT_EQ(cases.value().size(), expected.first);
  EXPECT_EQ(workloads, expected.second);
}

// The pods that the measured phases of a workload create.
std::uint64_t measured_pods(const std::vector<WorkloadOp>& ops) {
  std::uint64_t pods = 0;
  for (const WorkloadOp& op : ops) {
    if (op.collects_metrics) pods += static_cast<std::uint64_t>(op.count.value_or(0));
  }
  return pods;
}

TEST_P(RealWorkloads, BindEveryMeasuredPodOfTheSmallOnes) {
  const auto cases = read_workload_file(file_of(GetParam()));
  ASSERT_TRUE(cases.ok());
  const auto filter = WorkloadFilter::parse("", "integration-test");
  ASSERT_TRUE(filter.ok());
  for (const SelectedWorkload& one : filter.value().select(cases.value())) {
    std::int64_t now = 0;
    Stopwatch stopwatch = [&now] { return now += 1000; };
    const auto run = run_workload(*one.test_case, *one.workload, {}, {}, stopwatch);
    ASSERT_TRUE(run.ok()) << one.name() << ": " << run.status().message();
    std::uint64_t bound = 0;
    for (const Measurement& m : run.value().measurements) bound += m.throughput.pods;
    const auto ops = resolve(*one.test_case, *one.workload);
    EXPECT_EQ(bound, measured_pods(ops.value())) << one.name();
  }
}

INSTANTIATE_TEST_SUITE_P(Files, RealWorkloads,
                         testing::Values("misc", "affinity", "topology_spreading", "volumes"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace orrery::sim
