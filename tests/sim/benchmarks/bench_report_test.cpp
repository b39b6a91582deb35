#include "sim/benchmarks/bench_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace orrery::sim {
namespace {

BenchRow row(std::uint64_t seed, double average, double threshold = 0) {
  BenchRow r;
  r.name = "Case/W";
  r.scheduler = "default";
  r.seed = seed;
  r.threshold = threshold;
  r.run.nodes = 5000;
  r.run.bindings = 0xfedcba9876543210ull;
  r.measured.name = "namespace-2";
  r.measured.throughput.pods = 10'000;
  r.measured.throughput.pods_per_second = {average, average - 1, average, average, average + 9, 20};
  r.measured.attempt_ms = {0.01, 0.01, 0.02, 0.03, 0.04, 10'000};
  r.measured.points = {{0, 0}, {1'000'000, 50}};
  r.peak_rss_bytes = 100u << 20;
  return r;
}

TEST(BenchReport, ReadsBackWhatItWrote) {
  BenchRow r = row(3, 1234.5, 270);
  r.metric = {"SchedulingThroughput", "Perc99", false};
  const auto back = bench_row_of(to_json(r));
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(to_json(back.value()).dump(), to_json(r).dump());
  EXPECT_FALSE(bench_row_of(nlohmann::json::object()).ok());
}

TEST(BenchReport, ComparesWithTheThresholdOfTheFile) {
  EXPECT_TRUE(row(1, 271, 270).passed());
  EXPECT_FALSE(row(1, 269, 270).passed());
  EXPECT_TRUE(row(1, 1).passed());
  BenchRow lower = row(1, 1, 0.03);
  lower.metric = {"scheduler_scheduling_attempt_duration_seconds", "Perc99", true};
  EXPECT_FALSE(lower.passed());
  lower.threshold = 0.05;
  EXPECT_TRUE(lower.passed());
  BenchRow broken = row(1, 1000);
  broken.error = "no";
  EXPECT_FALSE(broken.passed());
  EXPECT_FALSE(all_passed({row(1, 1), broken}));
}

TEST(BenchReport, TableHasOneLineAWorkloadWithMeanAndDeviationOfTheSeeds) {
  const std::string table = bench_table({row(1, 1000, 270), row(2, 3000, 270)});
  EXPECT_NE(table.find("2,000 ±1,414"), std::string::npos) << table;
  EXPECT_NE(table.find("270  pass"), std::string::npos) << table;
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 2);
  BenchRow broken = row(1, 1000);
  broken.error = "8 of 9 pods";
  EXPECT_NE(bench_table({broken}).find("error: 8 of 9 pods"), std::string::npos);
}

TEST(BenchReport, CsvHasAsManyCellsInEachLine) {
  const std::string csv = bench_csv({row(1, 1000)});
  const std::size_t end = csv.find('\n');
  const auto head = std::count(csv.begin(), csv.begin() + static_cast<std::ptrdiff_t>(end), ',');
  EXPECT_EQ(std::count(csv.begin(), csv.end(), ','), 2 * head);
  EXPECT_EQ(bench_points_csv({row(7, 1)}),
            "workload,scheduler,seed,seconds,pods\nCase/W,default,7,0.000000,0\n"
            "Case/W,default,7,0.001000,50\n");
}

TEST(BenchReport, WritesDataItemsAsUpstreamsToolsReadThem) {
  const auto items = bench_data_items({row(1, 1000)});
  EXPECT_EQ(items["version"], "v1");
  ASSERT_EQ(items["dataItems"].size(), 2u);
  EXPECT_EQ(items["dataItems"][0]["labels"]["Metric"], "SchedulingThroughput");
  EXPECT_EQ(items["dataItems"][0]["labels"]["Name"], "Case/W/namespace-2");
  EXPECT_EQ(items["dataItems"][0]["unit"], "pods/s");
  EXPECT_EQ(items["dataItems"][0]["data"]["Average"], 1000);
  EXPECT_EQ(items["dataItems"][1]["labels"]["result"], "scheduled");
}

}  // namespace
}  // namespace orrery::sim
