#include "sim/cluster/scheduler_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "sim/cluster/simulation.h"
#include "sim/scenario/input_files.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::sim {
namespace {

constexpr const char* kHead =
    "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

std::string wrong(const std::string& text) {
  auto made = parse_scheduler_text(kHead + text, "s.yaml");
  return made.ok() ? "" : made.status().message();
}

TEST(SchedulerFile, NamesFileLineAndField) {
  EXPECT_EQ(wrong("profiles:\n"
                  "- plugins:\n"
                  "    score:\n"
                  "      enabled:\n"
                  "      - {name: NodeAffinity}\n"
                  "      - name: ImageLocality\n"
                  "        weght: 3\n"),
            "s.yaml:9: profiles[0].plugins.score.enabled[1].weght: unknown field");
  EXPECT_EQ(wrong("profiles:\n"
                  "- pluginConfig:\n"
                  "  - name: InterPodAffinity\n"
                  "    args:\n"
                  "      hardPodAffinityWeight: 101\n"
                  "parallelism: -1\n"),
            "s.yaml:7: profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 101: "
            "not in valid range [0, 100]\n"
            "s.yaml:8: parallelism: Invalid value: -1: should be an integer value greater than "
            "zero");
  EXPECT_NE(wrong("profiles: [").find("s.yaml:"), std::string::npos);
  EXPECT_EQ(wrong("parallelism: 1\nparallelism: 2\n"),
            "s.yaml:4: parallelism: is given twice in this map: keep one");
  EXPECT_EQ(read_scheduler_file("absent.yaml").status().message(), "absent.yaml: no such file");
}

TEST(SchedulerFile, ExamplesOfTheDocumentAreRight) {
  auto text = read_text_file("docs/scheduler.md");
  ASSERT_TRUE(text.ok());
  int examples = 0;
  for (std::size_t at = text->find("```yaml\n"); at != std::string::npos;
       at = text->find("```yaml\n", at)) {
    at += 8;
    const std::string example = text->substr(at, text->find("```", at) - at);
    at += example.size() + 3;
    if (example.starts_with("spec:")) continue;  // of a scenario
    ++examples;
    const bool is_whole = example.starts_with("apiVersion:");
    EXPECT_EQ(is_whole ? parse_scheduler_text(example, "doc").status().message() : wrong(example),
              "");
  }
  EXPECT_EQ(examples, 2);
}

/// A scenario of 4 nodes and 4 small pods, scheduled as the file's text says.
class SchedulerFileRun : public testing::Test {
 protected:
  SchedulerFileRun() {
    std::filesystem::create_directories(folder_);
    write("pods.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: default}\n"
          "spec:\n  replicas: 4\n  selector: {matchLabels: {app: web}}\n"
          "  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n"
          "      - {name: c, image: \"app:1\", resources: {requests: {cpu: 100m, memory: "
          "64Mi}}}\n");
  }
  ~SchedulerFileRun() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  Scenario scenario(const std::string& configuration) {
    write("s.yaml", kHead + configuration);
    auto made = parse_scenario(
        "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: t}\nspec:\n"
        "  until: 2m\n  cluster: {nodePools: [{name: n, count: 4, cpu: \"4\", memory: 8Gi}]}\n"
        "  manifests: [pods.yaml]\n  scheduler: {config: s.yaml}\n",
        (folder_ / "scenario.yaml").string(), true);
    EXPECT_TRUE(made.ok()) << made.status().message();
    return std::move(*made);
  }
  std::string prepare(const std::string& configuration) {
    Simulation run(scenario(configuration));
    return run.prepare().message();
  }
  /// The nodes that pods of the run are on.
  std::set<std::string> nodes(const std::string& configuration) {
    Simulation run(scenario(configuration));
    EXPECT_TRUE(run.prepare().ok());
    run.run({});
    std::set<std::string> out;
    int pods = 0;
    run.scheduler_informers().get<api::Pod>().for_each([&](const api::Pod& pod) {
      out.insert(pod.node_name.str());
      ++pods;
    });
    EXPECT_EQ(pods, 4);
    return out;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("scheduler_file_") +
       testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(SchedulerFileRun, PodsGoWhereTheConfigurationSays) {
  const std::string spread = "profiles: [{tieBreak: LowestName}]\n";
  const std::string pack =
      "profiles:\n- tieBreak: LowestName\n  plugins:\n"
      "    multiPoint: {disabled: [{name: PodTopologySpread}]}\n"
      "    score: {disabled: [{name: NodeResourcesBalancedAllocation}]}\n"
      "  pluginConfig:\n  - name: NodeResourcesFit\n    args: {scoringStrategy: {type: "
      "MostAllocated, resources: [{name: cpu}, {name: memory}]}}\n";
  EXPECT_EQ(nodes(spread).size(), 4u);
  EXPECT_EQ(nodes(pack), std::set<std::string>{"n-0"});
}

TEST_F(SchedulerFileRun, WrongFilesAreToldBeforeTheRun) {
  const std::string file = (folder_ / "s.yaml").string();
  EXPECT_EQ(prepare("podMaxBackoffSeconds: 0\n"),
            file + ":3: podMaxBackoffSeconds: Invalid value: 0: must be greater than or equal to "
                   "PodInitialBackoffSeconds");
  EXPECT_EQ(prepare("extenders: [{urlPrefix: \"http://x\", filterVerb: f}]\n"),
            file + ": extenders: a simulation calls nothing outside: leave them out");
  EXPECT_EQ(prepare("profiles: [{plugins: {bind: {disabled: [{name: DefaultBinder}]}}}]\n"),
            file + ": profile \"default-scheduler\": at least one bind plugin is needed for "
                   "binding pods to nodes");
}

}  // namespace
}  // namespace orrery::sim
