// Packing runs on a small made-up cluster, and the published figures on the real trace.
#include "sim/packing/packing_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/packing/packing_report.h"
#include "tests/sim/scenario/data_folder.h"

namespace orrery::sim {
namespace {

const char* const kNodes =
    "sn,cpu_milli,memory_mib,gpu,model\n"
    "a,16000,65536,2,T4\n"
    "b,16000,65536,4,V100\n"
    "c,32000,65536,0,\n";
const char* const kPods =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n"
    "p-2,1000,1024,1,500,\n"
    "p-1,2000,1024,1,1000,V100\n"
    "p-3,4000,1024,0,0,\n";

class PackingRun : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / "packing_run_test";
    std::filesystem::create_directories(folder_);
  }
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  PackingInput read() {
    auto input = PackingInput::read(write("nodes.csv", kNodes), write("pods.csv", kPods));
    EXPECT_TRUE(input.ok()) << input.status().message();
    return *input;
  }
  std::filesystem::path folder_;
};

TEST_F(PackingRun, ReadsNodesAndPodsByName) {
  const PackingInput input = read();
  EXPECT_EQ(input.nodes.size(), 3u);
  EXPECT_EQ(input.capacity.gpu_milli, 6000);
  EXPECT_EQ(input.capacity.cpu_milli, 64000);
  ASSERT_EQ(input.pods.size(), 3u);
  EXPECT_EQ(input.pods[0].name, "p-1");
  EXPECT_EQ(input.pods[0].shape.models, std::vector<Symbol>{Symbol("V100")});
  EXPECT_EQ(input.pods[1].gpu_milli(), 500);
  EXPECT_EQ(input.typical_pods.size(), 3u);
}

TEST_F(PackingRun, NamesWhatIsWrongWithItsInput) {
  const std::string nodes = write("nodes.csv", kNodes);
  const std::string pods = write("pods.csv", kPods);
  const auto bad = PackingInput::read(write("bad.csv", "sn,cpu_milli\na,1\n"), pods);
  ASSERT_FALSE(bad.ok());
  EXPECT_NE(bad.status().message().find("no such column"), std::string::npos);
  const auto none =
      PackingInput::read(write("none.csv", "sn,cpu_milli,memory_mib,gpu,model\na,1,1,0,\n"), pods);
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.status().message().find("no node has a GPU"), std::string::npos);
  const auto cpu = PackingInput::read(
      nodes, write("cpu.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np,1,1,0,0\n"));
  ASSERT_FALSE(cpu.ok());
  EXPECT_NE(cpu.status().message().find("no pod asks for a GPU"), std::string::npos);
}

TEST_F(PackingRun, PodsArriveUntilTheirGpuDemandExceedsWhatIsAskedFor) {
  const PackingInput input = read();
  PackingOptions options;
  options.demand = 1.5;
  const auto result = run_packing(input, options);
  ASSERT_TRUE(result.ok());
  // 9000 milli in steps of at most 1000.
  EXPECT_GE(result->pods, 9);
  EXPECT_GT(result->gpu_allocated, 0.5);
  EXPECT_LE(result->gpu_allocated, 1.0);
  ASSERT_EQ(result->points.size(), 6u);
  EXPECT_EQ(result->points.back().arrived, 1.5);
  EXPECT_EQ(result->points.back().gpu_allocated, result->gpu_allocated);
  for (std::size_t i = 1; i < result->points.size(); ++i) {
    EXPECT_GE(result->points[i].gpu_allocated, result->points[i - 1].gpu_allocated);
  }
}

TEST_F(PackingRun, LeavesPodsOutIfTheListAsksForMoreThanWanted) {
  PackingOptions options;
  options.demand = 0.2;  // 1200 of the 1500 milli in the list
  const auto result = run_packing(read(), options);
  ASSERT_TRUE(result.ok());
  EXPECT_LT(result->pods, 3);
  EXPECT_LE(result->gpu_allocated, 0.2);
}

TEST_F(PackingRun, IsTheSameForTheSameSeedAndOnBothPaths) {
  const PackingInput input = read();
  for (const std::string& policy : packing_policies()) {
    PackingOptions options;
    options.policy = policy;
    const auto first = run_packing(input, options);
    const auto again = run_packing(input, options);
    options.fast_path = false;
    const auto plain = run_packing(input, options);
    ASSERT_TRUE(first.ok() && again.ok() && plain.ok());
    EXPECT_EQ(packing_points_csv({*first}), packing_points_csv({*again})) << policy;
    EXPECT_EQ(packing_points_csv({*first}), packing_points_csv({*plain})) << policy;
    EXPECT_EQ(packing_runs_csv({*first}), packing_runs_csv({*plain})) << policy;
  }
}

TEST_F(PackingRun, RefusesAnUnknownPolicy) {
  PackingOptions options;
  options.policy = "Fgd";
  const auto result = run_packing(read(), options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().message(),
            "no policy \"Fgd\"; there are: Random, DotProd, GpuClustering, GpuPacking, BestFit, "
            "FGD");
}

struct Published {
  const char* policy;
  double mean;  // % of the GPUs on the list `default` at 130 %, ten seeds
};

TEST(PublishedPacking, OneSeedOfEachPolicyLiesWithinOnePointAndAHalfOfTheMean) {
  const std::string data = data_folder() + "/openb/";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no trace in " << data;
  const auto input = PackingInput::read(data + "openb_node_list_gpu_node.csv",
                                        data + "openb_pod_list_default.csv");
  ASSERT_TRUE(input.ok()) << input.status().message();
  EXPECT_EQ(input->typical_pods.size(), 35u);
  EXPECT_EQ(input->capacity.gpu_milli, 6'212'000);
  // One deviation of GpuClustering is 0.62 points, so its single runs may be that far off.
  for (const Published& p : {Published{"BestFit", 93.08},
                             {"FGD", 95.39},
                             {"DotProd", 90.85},
                             {"GpuClustering", 91.88},
                             {"GpuPacking", 92.00}}) {
    PackingOptions options;
    options.policy = p.policy;
    const auto result = run_packing(*input, options);
    ASSERT_TRUE(result.ok());
    const bool is_steady = p.policy == std::string("BestFit") || p.policy == std::string("FGD");
    EXPECT_NEAR(100 * result->gpu_allocated, p.mean, is_steady ? 1.0 : 1.5) << p.policy;
    EXPECT_NEAR(static_cast<double>(result->pods), 10'800, 300);
  }
}

TEST(PublishedPacking, WithRandomTiesFgdFallsBelowBestFit) {
  const std::string data = data_folder() + "/openb/";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no trace in " << data;
  const auto input = PackingInput::read(data + "openb_node_list_gpu_node.csv",
                                        data + "openb_pod_list_default.csv");
  ASSERT_TRUE(input.ok());
  PackingOptions options;
  options.tie_break = scheduler::TieBreak::kRandom;
  const auto result = run_packing(*input, options);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(100 * result->gpu_allocated, 89.9, 1.0);  // facts of an independent program
}

}  // namespace
}  // namespace orrery::sim
