#include "sim/benchmarks/bench_schedulers.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace orrery::sim {
namespace {

TEST(BenchSchedulers, PolicyReplacesTheScoresOfTheDefaultProfile) {
  const auto made = bench_scheduler_of_policy("BestFit");
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_EQ(made.value().name, "BestFit");
  int scoring = 0;
  for (const auto& plugin : made.value().profiles.at(0).plugins) {
    if (!plugin.points.has(scheduler::Point::kScore)) continue;
    ++scoring;
    EXPECT_EQ(plugin.name, "BestFitScore");
  }
  EXPECT_EQ(scoring, 1);
  EXPECT_TRUE(bench_scheduler_of_policy("default").ok());
  const std::string error = bench_scheduler_of_policy("Bestest").status().message();
  EXPECT_NE(error.find("there is no policy \"Bestest\"; there are default"), std::string::npos);
  EXPECT_NE(error.find("BestFit"), std::string::npos) << error;
}

TEST(BenchSchedulers, ReadsAConfigurationFileAndNamesItsMistakesByLine) {
  const auto file = std::filesystem::path(testing::TempDir()) / "orrery_bench_most.yaml";
  const std::string head =
      "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";
  std::ofstream(file) << head << "podMaxBackoffSeconds: 20\nprofiles:\n"
                      << "- schedulerName: default-scheduler\n  percentageOfNodesToScore: 100\n";
  const auto read = bench_scheduler_from_file(file.string());
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read.value().name, "orrery_bench_most");
  EXPECT_EQ(read.value().profiles.at(0).percentage_of_nodes_to_score, 100);
  EXPECT_EQ(read.value().queue.backoff_max, 20s);
  std::ofstream(file) << head << "profilez: []\n";
  const std::string error = bench_scheduler_from_file(file.string()).status().message();
  EXPECT_NE(error.find("orrery_bench_most.yaml:3"), std::string::npos) << error;
  std::filesystem::remove(file);
}

TEST(BenchSchedulers, ReadsSeedsAsNumberListOrRange) {
  EXPECT_EQ(parse_seeds("42").value(), (std::vector<std::uint64_t>{42}));
  EXPECT_EQ(parse_seeds("1,2,5").value(), (std::vector<std::uint64_t>{1, 2, 5}));
  EXPECT_EQ(parse_seeds("3..5").value(), (std::vector<std::uint64_t>{3, 4, 5}));
  for (const char* wrong : {"", "a", "5..3", "1..", "1,,2", "1..100000"}) {
    EXPECT_FALSE(parse_seeds(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace orrery::sim
