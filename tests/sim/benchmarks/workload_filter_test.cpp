#include "sim/benchmarks/workload_filter.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

std::vector<TestCase> cases() {
  TestCase basic, unschedulable;
  basic.name = "SchedulingBasic";
  for (const char* name : {"5Nodes", "5000Nodes_10000Pods", "5000Nodes_10000Pods_Hints"}) {
    basic.workloads.emplace_back().name = name;
  }
  basic.workloads[0].labels = {"integration-test", "short"};
  basic.workloads[1].labels = {"performance"};
  basic.workloads[2].labels = {"performance", "short"};
  unschedulable.name = "Unschedulable";
  unschedulable.workloads.emplace_back().name = "5kNodes/100Init/1kPods";
  return {basic, unschedulable};
}

std::string selected(std::string_view name, std::string_view labels = "") {
  const auto all = cases();
  const auto filter = WorkloadFilter::parse(name, labels);
  if (!filter.ok()) return "error";
  std::string out;
  for (const SelectedWorkload& one : filter.value().select(all)) out += one.name() + " ";
  return out;
}

TEST(WorkloadFilter, MatchesElementsOfTheNameAsGoTestDoes) {
  EXPECT_EQ(selected("SchedulingBasic/5000Nodes_10000Pods$"),
            "SchedulingBasic/5000Nodes_10000Pods ");
  EXPECT_EQ(selected("Basic/^5N"), "SchedulingBasic/5Nodes ");
  EXPECT_EQ(selected("Unsch"), "Unschedulable/5kNodes/100Init/1kPods ");
  EXPECT_EQ(selected("Unsch//100"), "Unschedulable/5kNodes/100Init/1kPods ");
  EXPECT_EQ(selected("Unsch///2kPods"), "");
  EXPECT_EQ(selected("Basic/5Nodes/more"), "");
  EXPECT_EQ(selected("(a|B)asic/5[0/]"),
            "SchedulingBasic/5000Nodes_10000Pods SchedulingBasic/5000Nodes_10000Pods_Hints ");
  EXPECT_EQ(selected("["), "error");
}

TEST(WorkloadFilter, LabelsMustBeThereOrWithAMinusNot) {
  EXPECT_EQ(selected("", "performance"),
            "SchedulingBasic/5000Nodes_10000Pods SchedulingBasic/5000Nodes_10000Pods_Hints ");
  EXPECT_EQ(selected("", "performance,-short"), "SchedulingBasic/5000Nodes_10000Pods ");
  EXPECT_EQ(selected("", "+short,+integration-test"), "SchedulingBasic/5Nodes ");
}

}  // namespace
}  // namespace orrery::sim
