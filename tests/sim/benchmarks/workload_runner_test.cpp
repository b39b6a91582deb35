// Whole workloads, small: what each operation does to the cluster, told by what is bound.
#include "sim/benchmarks/workload_runner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace orrery::sim {
namespace {

// A folder of its own with a pod template; removed at the end.
class WorkloadRunner : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = "orrery_bench_" + std::string(test->name());
    dir_ = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::create_directories(dir_);
    write("pod.yaml", pod("p-", "cpu: 1", ""));
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  static std::string pod(const std::string& name, const std::string& requests,
                         const std::string& more) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {generateName: " + name +
           "}\nspec:\n  terminationGracePeriodSeconds: 0\n  containers:\n  - name: c\n"
           "    image: i\n    resources: {requests: {" +
           requests + "}}\n" + more;
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
  }
  // The operations of one case, as list entries.
  Result<BenchRun> run(const std::string& ops, std::uint64_t seed = 1) {
    auto cases = parse_workload_file("- name: C\n  defaultPodTemplatePath: pod.yaml\n"
                                     "  workloadTemplate:\n" +
                                         ops + "  workloads: [{name: W}]\n",
                                     (dir_ / "w.yaml").string());
    if (!cases.ok()) return cases.status();
    std::int64_t now = 0;
    Stopwatch stopwatch = [&now] { return now += 1000; };
    return run_workload((*cases)[0], (*cases)[0].workloads[0], {}, {.seed = seed}, stopwatch);
  }
  std::uint64_t measured_pods(const std::string& ops) {
    const auto out = run(ops);
    EXPECT_TRUE(out.ok()) << out.status().message();
    if (!out.ok() || out.value().measurements.size() != 1) return 0;
    return out.value().measurements[0].throughput.pods;
  }
  std::string error(const std::string& ops) {
    std::string text = run(ops).status().message();
    const std::string dir = dir_.string() + "/";
    for (std::size_t at; (at = text.find(dir)) != std::string::npos;) text.erase(at, dir.size());
    return text;
  }

  std::filesystem::path dir_;
};

const std::string kTwoNodes = "  - {opcode: createNodes, count: 2}\n";  // 4 CPUs each
const std::string kMeasure2 = "  - {opcode: createPods, count: 2, collectMetrics: true}\n";

TEST_F(WorkloadRunner, MeasuresThePodsOfThePhaseOnly) {
  const auto out = run(kTwoNodes + "  - {opcode: createPods, count: 3}\n" + kMeasure2);
  ASSERT_TRUE(out.ok()) << out.status().message();
  ASSERT_EQ(out.value().measurements.size(), 1u);
  const Measurement& m = out.value().measurements[0];
  EXPECT_EQ(m.name, "namespace-2");
  EXPECT_EQ(m.throughput.pods, 2u);
  EXPECT_GT(m.throughput.pods_per_second.average, 0);
  EXPECT_EQ(m.attempts_scheduled, 2u);
  EXPECT_EQ(m.attempt_ms.count, 2u);
  EXPECT_EQ(out.value().pods_bound, 5u);
  EXPECT_EQ(out.value().nodes, 2);
}

TEST_F(WorkloadRunner, GivesTheSameBindingsForTheSameSeed) {
  const std::string ops = "  - {opcode: createNodes, count: 20}\n"
                          "  - {opcode: createPods, count: 40, collectMetrics: true}\n";
  const auto a = run(ops, 1), b = run(ops, 1), c = run(ops, 2);
  ASSERT_TRUE(a.ok() && b.ok() && c.ok());
  EXPECT_EQ(a.value().bindings, b.value().bindings);
  EXPECT_NE(a.value().bindings, c.value().bindings);
}

TEST_F(WorkloadRunner, TellsWhichPodDidNotFitAndWhy) {
  const std::string what = error(kTwoNodes + "  - {opcode: createPods, count: 9, collectMetrics: "
                                             "true}\n");
  EXPECT_NE(what.find("w.yaml:5: 8 of 9 pods in namespace namespace-1 are scheduled (pod p-"),
            std::string::npos)
      << what;
  EXPECT_NE(what.find("0/2 nodes are available: 2 Insufficient cpu."), std::string::npos) << what;
}

TEST_F(WorkloadRunner, LabelsNodesInTurn) {
  write("zoned.yaml", pod("z-", "cpu: 1", "  nodeSelector: {zone: b}\n"));
  // Node 2 and 4 are in zone b: room for 8.
  const std::string nodes =
      "  - opcode: createNodes\n    count: 4\n"
      "    labelNodePrepareStrategy: {labelKey: zone, labelValues: [a, b]}\n";
  const std::string pods = "  - {opcode: createPods, count: 8, podTemplatePath: zoned.yaml, "
                           "collectMetrics: true}\n";
  EXPECT_EQ(measured_pods(nodes + pods), 8u);
}

TEST_F(WorkloadRunner, FillsTemplatesInForEachObject) {
  write("node.yaml",
        "apiVersion: v1\nkind: Node\nmetadata: {name: n-{{.Index}}}\nstatus:\n"
        "  capacity: {cpu: 4, pods: 10, foo.com/bar-{{.Index}}: 1}\n");
  write("needs.yaml", pod("x-", "cpu: 1, foo.com/bar-{{.Index}}: 1",
                          "      # limits follow\n"));
  std::string text = pod("x-", "cpu: 1, foo.com/bar-{{.Index}}: 1", "");
  const std::string requests = "requests: {cpu: 1, foo.com/bar-{{.Index}}: 1}";
  text.replace(text.find(requests), requests.size(),
               requests + ", limits: {foo.com/bar-{{.Index}}: 1}");
  write("needs.yaml", text);
  EXPECT_EQ(measured_pods("  - {opcode: createNodes, count: 3, nodeTemplatePath: node.yaml}\n"
                          "  - {opcode: createPods, count: 3, podTemplatePath: needs.yaml, "
                          "collectMetrics: true}\n"),
            3u);
}

TEST_F(WorkloadRunner, CreatesNamespacesPodSetsAndOtherObjects) {
  write("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {labels: {team: a}}\n");
  write("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m-{{.Index}}}\n");
  const auto out = run(
      kTwoNodes +
      "  - {opcode: createNamespaces, prefix: t, count: 2, namespaceTemplatePath: ns.yaml}\n"
      "  - {opcode: createAny, namespace: t-0, count: 2, templatePath: map.yaml}\n"
      "  - {opcode: createPodSets, count: 2, namespacePrefix: t, createPodsOp: "
      "{opcode: createPods, count: 2, collectMetrics: true}}\n");
  ASSERT_TRUE(out.ok()) << out.status().message();
  ASSERT_EQ(out.value().measurements.size(), 2u);
  EXPECT_EQ(out.value().measurements[1].name, "t-1");
  EXPECT_EQ(out.value().measurements[1].throughput.pods, 2u);
}

TEST_F(WorkloadRunner, SkipsTheWaitUntilABarrier) {
  write("gated.yaml", pod("g-", "cpu: 1", "  schedulingGates: [{name: a}]\n"));
  const std::string gated = "  - {opcode: createPods, count: 2, podTemplatePath: gated.yaml, "
                            "skipWaitToCompletion: true}\n";
  EXPECT_EQ(measured_pods(kTwoNodes + gated +
                          "  - {opcode: barrier, stageRequirement: Attempted}\n" + kMeasure2),
            2u);
  const std::string what = error(kTwoNodes + gated + "  - {opcode: barrier}\n" + kMeasure2);
  EXPECT_EQ(what, "w.yaml:6: namespace namespace-1: 2 of 2 pods attempted, 0 scheduled after 10m0s "
                  "of virtual time");
}

TEST_F(WorkloadRunner, DeletesPodsAtOnceOrSoManyASecond) {
  const std::string fill = "  - {opcode: createPods, count: 8}\n";
  EXPECT_EQ(measured_pods(kTwoNodes + fill + "  - {opcode: deletePods, namespace: namespace-1}\n" +
                          "  - {opcode: createPods, count: 8, collectMetrics: true}\n"),
            8u);
  const auto out = run(kTwoNodes + fill +
                       "  - {opcode: deletePods, namespace: namespace-1, deletePodsPerSecond: 1, "
                       "skipWaitToCompletion: true}\n"
                       "  - {opcode: createPods, count: 3, collectMetrics: true}\n");
  ASSERT_TRUE(out.ok()) << out.status().message();
  // The third pod fits when the third is gone; what waited is retried after its back-off.
  EXPECT_GE(out.value().measurements.at(0).virtual_seconds, 3);
  EXPECT_GT(out.value().measurements.at(0).attempts_unschedulable, 0u);
}

TEST_F(WorkloadRunner, ChurnsInVirtualTime) {
  write("big.yaml", pod("big-", "cpu: 9", ""));
  write("node.yaml", "apiVersion: v1\nkind: Node\nmetadata: {generateName: churn-}\n"
                     "status: {capacity: {pods: \"0\"}}\n");
  const auto churned = [&](const std::string& mode) {
    return run(kTwoNodes + "  - {opcode: churn, " + mode +
               ", intervalMilliseconds: 1000, templatePaths: [node.yaml, big.yaml]}\n"
               "  - {opcode: sleep, duration: 3500ms}\n" +
               kMeasure2);
  };
  const auto created = churned("mode: create, number: 2");
  ASSERT_TRUE(created.ok()) << created.status().message();
  EXPECT_EQ(created.value().nodes, 4);
  const auto recreated = churned("mode: recreate, number: 1");
  ASSERT_TRUE(recreated.ok()) << recreated.status().message();
  EXPECT_EQ(recreated.value().nodes, 3);  // created, deleted, created
}

TEST_F(WorkloadRunner, KeepsASteadyState) {
  const auto out = run(kTwoNodes +
                       "  - {opcode: createPods, count: 4, steadyState: true, duration: 1s, "
                       "collectMetrics: true}\n");
  ASSERT_TRUE(out.ok()) << out.status().message();
  // 5,000 requests a virtual second, two for each pod that is replaced.
  EXPECT_NEAR(static_cast<double>(out.value().pods_bound), 2500, 100);
}

TEST_F(WorkloadRunner, MeasuresBetweenStartAndStop) {
  EXPECT_EQ(measured_pods(kTwoNodes +
                          "  - {opcode: startCollectingMetrics, name: mine, namespaces: [a, b]}\n"
                          "  - {opcode: createPods, count: 2, namespace: a}\n"
                          "  - {opcode: createPods, count: 1, namespace: b}\n"
                          "  - {opcode: createPods, count: 1, namespace: c}\n"
                          "  - {opcode: stopCollectingMetrics}\n"),
            3u);
  EXPECT_EQ(error(kTwoNodes + "  - {opcode: startCollectingMetrics, namespaces: [a]}\n" +
                  kMeasure2 + "  - {opcode: stopCollectingMetrics}\n"),
            "w.yaml:6: metrics are being collected already");
  EXPECT_EQ(error("  - {opcode: stopCollectingMetrics}\n"),
            "w.yaml:4: metrics are not being collected");
}

TEST_F(WorkloadRunner, BindsPodsWithVolumesOfTheirOwn) {
  write("pv.yaml", "apiVersion: v1\nkind: PersistentVolume\nspec:\n  accessModes: [ReadOnlyMany]\n"
                   "  capacity: {storage: 1Gi}\n  csi: {driver: d}\n");
  write("pvc.yaml", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  annotations: "
                    "{pv.kubernetes.io/bind-completed: \"true\"}\nspec:\n"
                    "  accessModes: [ReadOnlyMany]\n  resources: {requests: {storage: 1Gi}}\n");
  EXPECT_EQ(measured_pods("  - opcode: createNodes\n    count: 2\n    nodeAllocatableStrategy:\n"
                          "      nodeAllocatable: {attachable-volumes-csi-d: \"39\"}\n"
                          "      csiNodeAllocatable: {d: {count: 39}}\n"
                          "  - {opcode: createPods, count: 4, collectMetrics: true, "
                          "persistentVolumeTemplatePath: pv.yaml, "
                          "persistentVolumeClaimTemplatePath: pvc.yaml}\n"),
            4u);
}

TEST_F(WorkloadRunner, ReadsEveryTemplateBeforeItRuns) {
  EXPECT_EQ(error(kTwoNodes + "  - {opcode: createPods, count: 1, collectMetrics: true, "
                              "podTemplatePath: none.yaml}\n")
                .substr(0, 9),
            "w.yaml:5:");
  write("node.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: n}\n");
  EXPECT_EQ(error("  - {opcode: createPods, count: 1, collectMetrics: true, podTemplatePath: "
                  "node.yaml}\n"),
            "w.yaml:4: node.yaml:1: kind: must be Pod");
  EXPECT_EQ(error("  - {opcode: createNodes, count: 1, nodeTemplatePath: pod.yaml}\n" + kMeasure2),
            "w.yaml:4: pod.yaml:1: kind: must be Node");
  write("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n");
  EXPECT_EQ(error("  - {opcode: createAny, templatePath: map.yaml}\n" + kMeasure2),
            "w.yaml:4: namespace: ConfigMap needs one");
}

}  // namespace
}  // namespace orrery::sim
