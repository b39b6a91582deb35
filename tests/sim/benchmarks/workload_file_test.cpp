#include "sim/benchmarks/workload_file.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

constexpr std::string_view kGood = R"(
- name: Case
  labels: [all]
  featureGates: {A: true}
  defaultPodTemplatePath: ../templates/pod.yaml
  workloadTemplate:
  - {opcode: createNodes, countParam: $nodes}
  - opcode: createPods
    count: 3
    countMultiplierParam: $factor
    steadyStateParam: $steady
    durationParam: $duration
    templateParams: {Zone: $zone, Plain: x}
  - {opcode: createPods, countParam: $nodes, collectMetrics: true}
  workloads:
  - name: W
    labels: [performance]
    featureGates: {A: false, B: true}
    threshold: 12.5
    thresholdMetricSelector: {name: SchedulingThroughput, dataBucket: Perc50}
    params: {nodes: 7, factor: 2, steady: true, duration: 1m30s, zone: moon}
)";

std::vector<TestCase> parse(std::string_view text) {
  auto out = parse_workload_file(text, "dir/sub/w.yaml");
  EXPECT_TRUE(out.ok()) << out.status().message();
  return out.ok() ? *out : std::vector<TestCase>(1);
}

TEST(WorkloadFile, ReadsCasesWorkloadsAndTheirDefaults) {
  const TestCase c = parse(kGood).at(0);
  EXPECT_EQ(c.name, "Case");
  EXPECT_EQ(c.default_pod_template, "dir/templates/pod.yaml");
  ASSERT_EQ(c.workloads.size(), 1u);
  const Workload& w = c.workloads[0];
  EXPECT_EQ(w.labels, (std::vector<std::string>{"performance", "all"}));
  EXPECT_EQ(w.feature_gates, (std::map<std::string, bool>{{"A", false}, {"B", true}}));
  EXPECT_DOUBLE_EQ(w.threshold, 12.5);
  EXPECT_EQ(w.metric.bucket, "Perc50");
}

TEST(WorkloadFile, PutsParametersInPlace) {
  const TestCase c = parse(kGood).at(0);
  const auto ops = resolve(c, c.workloads.at(0));
  ASSERT_TRUE(ops.ok()) << ops.status().message();
  EXPECT_EQ(ops.value()[0].count, 7);
  EXPECT_EQ(ops.value()[1].count, 6);
  EXPECT_TRUE(ops.value()[1].is_steady);
  EXPECT_EQ(ops.value()[1].duration, 90s);
  EXPECT_EQ(ops.value()[1].template_params[0].value.text, "moon");
  EXPECT_EQ(ops.value()[1].template_params[1].value.text, "x");
}

// A file with one operation; its errors.
std::string op_errors(const std::string& op) {
  const auto out = parse_workload_file("- name: C\n  workloadTemplate:\n  - " + op +
                                           "\n  - {opcode: stopCollectingMetrics}\n"
                                           "  workloads: [{name: W}]\n",
                                       "w.yaml");
  return out.status().message();
}

TEST(WorkloadFile, NamesFileAndLineOfEveryMistakeInAnOperation) {
  const std::string at = "w.yaml:3: C.workloadTemplate[0]";
  const struct {
    const char* op;
    std::string error;
  } kCases[] = {
      {"{opcode: createPod, count: 1}",
       at + ".opcode: unknown opcode \"createPod\"; did you mean createPods?"},
      {"{opcode: createPods, count: 1, colectMetrics: true}",
       at + ".colectMetrics: unknown field; did you mean collectMetrics?"},
      {"{opcode: createPods}", at + ".count: required, or countParam"},
      {"{opcode: createPods, count: -1, countParam: $x}",
       at + ".count: must be an integer of 0 or more, got -1"},
      {"{opcode: createPods, countParam: x}",
       at + ".countParam: must name a parameter such as $initNodes, got \"x\""},
      {"{opcode: createPods, count: 1, collectMetrics: true, skipWaitToCompletion: true}",
       at + ".skipWaitToCompletion: must not be true together with collectMetrics"},
      {"{opcode: createPods, count: 1, steadyState: true, skipWaitToCompletion: true}",
       at + ".skipWaitToCompletion: must not be true together with steadyState"},
      {"{opcode: createPods, count: 1, persistentVolumeTemplatePath: a}",
       at + ".persistentVolumeClaimTemplatePath: persistentVolumeTemplatePath and "
            "persistentVolumeClaimTemplatePath go together"},
      {"{opcode: createNodes, count: 1, uniqueNodeLabelStrategy: {labelKey: a}, "
       "labelNodePrepareStrategy: {labelKey: a, labelValues: [b]}}",
       at + ": at most one of the node strategies may be given"},
      {"{opcode: createNodes, count: 1, labelNodePrepareStrategy: {labelKey: a, values: [b]}}",
       at + ".labelNodePrepareStrategy.labelValues: required: at least one value\n" + at +
           ".labelNodePrepareStrategy.values: unknown field"},
      {"{opcode: churn, mode: twice, templatePaths: [a]}",
       at + ".mode: must be create or recreate, got \"twice\""},
      {"{opcode: churn, mode: recreate, templatePaths: []}",
       at + ".number: must not be 0 in mode recreate\n" + at +
           ".templatePaths: required: at least one path"},
      {"{opcode: barrier, stageRequirement: Bound}",
       at + ".stageRequirement: must be Scheduled or Attempted, got \"Bound\""},
      {"{opcode: sleep, duration: soon}",
       at + ".duration: must be a duration such as 10s, got \"soon\""},
      {"{opcode: deletePods}", at + ".namespace: required"},
      {"{opcode: createAny}", at + ".templatePath: required"},
      {"{opcode: createNamespaces, count: 2}", at + ".prefix: required"},
      {"{opcode: startCollectingMetrics}", at + ".namespaces: required: at least one"},
      {"{opcode: createPodSets, count: 1}", at + ".createPodsOp: required"},
      {"{opcode: createPodSets, count: 1, createPodsOp: {opcode: sleep}}",
       at + ".createPodsOp.opcode: must be createPods"},
      {"text", at + ": must be a map of fields, got \"text\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(op_errors(c.op), c.error) << c.op;
}

TEST(WorkloadFile, NamesMistakesOfCasesAndWorkloads) {
  const auto error = [](std::string_view text) {
    return parse_workload_file(text, "w.yaml").status().message();
  };
  EXPECT_EQ(error("a: 1\n"), "w.yaml:1: must be a list of test cases, got a map");
  EXPECT_EQ(error(""), "w.yaml: no test cases");
  EXPECT_EQ(error("- name: C\n  workloads: [{name: W}]\n"),
            "w.yaml:1: [0].workloadTemplate: required: a list with at least one entry");
  const std::string text =
      "- name: C\n  colour: red\n  workloadTemplate:\n  - {opcode: sleep}\n"
      "  workloads:\n  - {name: W, threshold: -1}\n  - {name: W, parms: {}}\n";
  const std::string what = error(text);
  for (const char* part :
       {"w.yaml:2: [0].colour: unknown field",
        "w.yaml:6: C.workloads[0].threshold: must be a number of 0 or more, got -1",
        "w.yaml:7: C.workloads[1].parms: unknown field; did you mean params?",
        "w.yaml:7: C.workloads[1]: a second workload has the name \"W\"",
        "w.yaml:1: [0].workloadTemplate: no operation collects metrics"}) {
    EXPECT_NE(what.find(part), std::string::npos) << part << "\n" << what;
  }
}

TEST(WorkloadFile, NamesParametersThatAreMissingUnusedOrOfAnotherType) {
  const auto cases = parse(
      "- name: C\n  workloadTemplate:\n"
      "  - {opcode: createPods, countParam: $pods, collectMetrics: true}\n"
      "  workloads:\n  - {name: A, params: {}}\n  - {name: B, params: {pods: many}}\n"
      "  - {name: D, params: {pods: 1, nodes: 2}}\n");
  const auto error = [&](std::size_t i) {
    return resolve(cases[0], cases[0].workloads[i]).status().message();
  };
  EXPECT_EQ(error(0), "dir/sub/w.yaml:3: C/A: the workload has no parameter pods");
  EXPECT_EQ(error(1),
            "dir/sub/w.yaml:6: C/B.params.pods: must be an integer of 0 or more, got \"many\"");
  EXPECT_EQ(error(2), "dir/sub/w.yaml:7: C/D.params.nodes: no operation uses this parameter");
}

}  // namespace
}  // namespace orrery::sim
