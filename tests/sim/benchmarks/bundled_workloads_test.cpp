// The workloads in scenarios/bench/scheduler: the short ones run, and bind what they measure.
#include <gtest/gtest.h>

#include "sim/benchmarks/workload_filter.h"
#include "sim/benchmarks/workload_runner.h"

namespace orrery::sim {
namespace {

constexpr const char* kFile = "scenarios/bench/scheduler/workloads.yaml";

TEST(BundledWorkloads, HaveAShortVariantThatBindsPods) {
  const auto cases = read_workload_file(kFile);
  ASSERT_TRUE(cases.ok()) << cases.status().message();
  const auto filter = WorkloadFilter::parse("", "short");
  ASSERT_TRUE(filter.ok());
  const auto selected = filter.value().select(cases.value());
  EXPECT_EQ(selected.size(), cases.value().size());
  for (const SelectedWorkload& one : selected) {
    std::int64_t now = 0;
    Stopwatch stopwatch = [&now] { return now += 1000; };
    const auto run = run_workload(*one.test_case, *one.workload, {}, {}, stopwatch);
    ASSERT_TRUE(run.ok()) << one.name() << ": " << run.status().message();
    ASSERT_EQ(run.value().measurements.size(), 1u) << one.name();
    EXPECT_GE(run.value().measurements[0].throughput.pods, 8u) << one.name();
  }
}

TEST(BundledWorkloads, AllHaveTheParametersTheyName) {
  const auto cases = read_workload_file(kFile);
  ASSERT_TRUE(cases.ok()) << cases.status().message();
  for (const TestCase& c : cases.value()) {
    for (const Workload& w : c.workloads) {
      const auto ops = resolve(c, w);
      EXPECT_TRUE(ops.ok()) << ops.status().message();
    }
  }
}

}  // namespace
}  // namespace orrery::sim
