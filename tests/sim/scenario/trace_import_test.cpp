#include "sim/scenario/trace_import.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "sim/scenario/input_files.h"
#include "sim/scenario/scenario_reader.h"
#include "tests/sim/scenario/data_folder.h"

namespace orrery::sim {
namespace {

// A folder of the test's own, removed at its end.
class OwnFolder {
 public:
  OwnFolder() {
    char pattern[] = "/tmp/orrery-trace-XXXXXX";
    path_ = mkdtemp(pattern);
  }
  ~OwnFolder() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(write_text_file(path_ + "/" + name, text).ok());
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr const char* kNodes =
    "sn,cpu_milli,memory_mib,gpu,model\nn0,32000,262144,0,\nn1,96000,393216,8,G2\n";
constexpr const char* kPods =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_"
    "time,"
    "scheduled_time\n"
    "p1,4000,1024,1,500,G2|T4,LS,Running,60,120,61\n"
    "p0,4000,1024,0,0,,BE,Pending,30,40,\n";

TEST(TraceImport, ReadsNodesAndPodsInTheOrderOfArrival) {
  const OwnFolder folder;
  folder.write("openb_node_list_all_node.csv", kNodes);
  folder.write("openb_pod_list_default.csv", kPods);
  const auto trace = read_openb(folder.path(), {});
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  ASSERT_EQ(trace->nodes.size(), 2u);
  EXPECT_EQ(trace->nodes[1].gpu_model, "G2");
  ASSERT_EQ(trace->pods.size(), 2u);
  EXPECT_EQ(trace->pods[0].name, "p0");
  EXPECT_FALSE(trace->pods[0].scheduled);
  EXPECT_EQ(trace->pods[1].gpu_models, (std::vector<std::string>{"G2", "T4"}));
  EXPECT_EQ(*trace->pods[1].deleted, std::chrono::seconds(120));
  EXPECT_EQ(trace->end(), std::chrono::seconds(120));
}

TEST(TraceImport, ScalesTimeAndLimitsPods) {
  const OwnFolder folder;
  folder.write("openb_pod_list_default.csv", kPods);
  const auto trace =
      read_openb(folder.path(), {.nodes = TraceNodes::kNone, .limit = 1, .speed = 2});
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  ASSERT_EQ(trace->pods.size(), 1u);
  EXPECT_EQ(trace->pods[0].created, std::chrono::seconds(15));
}

TEST(TraceImport, NamesFileLineAndColumnOfWhatIsWrong) {
  const std::string head =
      "name,cpu_milli,memory_mib,num_gpu,gpu_milli,creation_time,deletion_time\n";
  const std::pair<std::string, std::string> cases[] = {
      {head + "p,4x,1,0,0,1,2\n", ":2:3: cpu_milli: must be an integer, 0 or more, got \"4x\""},
      {head + "p,4,1,2,500,1,2\n",
       ":2:9: gpu_milli: must be 0 without a GPU, 1 to 1000 for one, 1000 for several; num_gpu is "
       "2, "
       "got 500"},
      {head + "p,4,1,0,0,5,2\n", ":2:13: deletion_time: is before creation_time (5)"},
      {head + "p,4,1,0,0,1,2\np,4,1,0,0,1,2\n", ":3:1: name: \"p\" is given twice"},
      {head + "p,4,1,0,0\n", ":2:1: has 5 fields, the header has 7"},
      {"name,cpu_milli,memory_mib,num_gpu\n",
       ":1: gpu_milli: no such column; there are: name, cpu_milli, memory_mib, num_gpu"},
  };
  const OwnFolder folder;
  for (const auto& [text, error] : cases) {
    folder.write("x.csv", text);
    const auto trace = read_pod_csv(folder.path() + "/x.csv", {});
    ASSERT_FALSE(trace.ok()) << text;
    EXPECT_EQ(trace.status().message(), folder.path() + "/x.csv" + error);
  }
}

TEST(TraceImport, SaysWhichPodListsThereAre) {
  const OwnFolder folder;
  folder.write("openb_pod_list_default.csv", kPods);
  folder.write("openb_pod_list_cpu100.csv", kPods);
  EXPECT_EQ(read_openb(folder.path(), {.pods = "other"}).status().message(),
            folder.path() + ": no pod list \"other\"; there are: cpu100, default");
}

TEST(TraceImport, WritesAScenarioThatReadsTheTraceAgain) {
  const OwnFolder folder;
  folder.write("openb_node_list_all_node.csv", kNodes);
  folder.write("openb_pod_list_default.csv", kPods);
  const std::string file = folder.path() + "/out/openb.yaml";
  const Status written = write_openb_scenario(folder.path(), file, {.limit = 2});
  ASSERT_TRUE(written.ok()) << written.message();
  const auto scenario = read_scenario(file);
  ASSERT_TRUE(scenario.ok()) << scenario.status().message();
  EXPECT_EQ(scenario->trace->dir, "..");
  EXPECT_EQ(scenario->until, std::chrono::hours(2));
  const auto trace = read_trace(*scenario);
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  EXPECT_EQ(trace->pods.size(), 2u);
}

TEST(TraceImport, ReadsTheRealTrace) {
  const std::string folder = data_folder() + "/openb";
  if (!is_folder(folder)) GTEST_SKIP() << folder << " is not here";
  const auto trace = read_openb(folder, {});
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  EXPECT_EQ(trace->nodes.size(), 1523u);
  EXPECT_EQ(trace->pods.size(), 8152u);
  EXPECT_TRUE(trace->has_times);
  EXPECT_EQ(trace->end(), std::chrono::seconds(12'902'960));
  std::int64_t gpus = 0;
  for (const TraceNode& node : trace->nodes) gpus += node.gpus;
  EXPECT_EQ(gpus, 6212);
  EXPECT_EQ(read_openb(folder, {.nodes = TraceNodes::kGpu})->nodes.size(), 1213u);
  const std::pair<const char*, std::size_t> lists[] = {
      {"cpu100", 7853}, {"gpushare40", 8152}, {"gpuspec10", 8152}, {"multigpu20", 8324}};
  for (const auto& [name, pods] : lists) {
    const auto other = read_openb(folder, {.pods = name, .nodes = TraceNodes::kNone});
    ASSERT_TRUE(other.ok()) << other.status().message();
    EXPECT_EQ(other->pods.size(), pods) << name;
    EXPECT_EQ(other->has_times, std::string(name) != "multigpu20");
  }
}

}  // namespace
}  // namespace orrery::sim
