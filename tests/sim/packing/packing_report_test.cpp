#include "sim/packing/packing_report.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

PackingResult result(const std::string& policy, std::uint64_t seed, double allocated) {
  PackingResult r;
  r.policy = policy;
  r.seed = seed;
  r.pods = 100;
  r.unscheduled = 7;
  r.gpu_allocated = allocated;
  r.points = {{0.4, 0.4, 0.1, 0.2}, {1.3, allocated, 0.05, 0.99}};
  return r;
}

TEST(PackingReport, MeanAndDeviationAreThoseOfASample) {
  const MeanAndDeviation m = summarise(std::vector<double>{2, 4, 6});
  EXPECT_DOUBLE_EQ(m.mean, 4);
  EXPECT_DOUBLE_EQ(m.deviation, 2);
  EXPECT_DOUBLE_EQ(summarise(std::vector<double>{5}).deviation, 0);
}

TEST(PackingReport, PutsTheRunsOfAPolicyTogether) {
  const auto summaries = summarise(
      std::vector<PackingResult>{result("B", 1, 0.90), result("A", 1, 0.80), result("B", 2, 0.92)});
  ASSERT_EQ(summaries.size(), 2u);
  EXPECT_EQ(summaries[0].policy, "B");
  EXPECT_EQ(summaries[0].seeds, 2u);
  EXPECT_DOUBLE_EQ(summaries[0].gpu_allocated.mean, 0.91);
  EXPECT_EQ(summaries[1].policy, "A");
}

TEST(PackingReport, WritesOneRowARunAndOneAPoint) {
  const std::vector<PackingResult> results{result("A", 42, 0.95)};
  EXPECT_EQ(packing_runs_csv(results),
            "policy,seed,pods,unscheduled,gpu_allocated_share,cpu_allocated_share,"
            "memory_allocated_share,wall_seconds\n"
            "A,42,100,7,0.950000,0.000000,0.000000,0.0000\n");
  EXPECT_EQ(packing_points_csv(results),
            "policy,seed,arrived_share,gpu_allocated_share,fragment_share,fragment_ratio\n"
            "A,42,0.4000,0.400000,0.100000,0.200000\n"
            "A,42,1.3000,0.950000,0.050000,0.990000\n");
}

TEST(PackingReport, TableHasARowForEachPolicy) {
  const std::string table = packing_table(
      summarise(std::vector<PackingResult>{result("FGD", 1, 0.95), result("BestFit", 1, 0.93)}));
  EXPECT_NE(table.find("FGD            95.00 ± 0.00"), std::string::npos) << table;
  EXPECT_NE(table.find("BestFit        10.00 / 20.00  5.00 / 99.00"), std::string::npos) << table;
}

}  // namespace
}  // namespace orrery::sim
