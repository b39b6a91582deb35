// What is wrong with a scenario is said exactly: file, line, field, what would fix it.
#include <gtest/gtest.h>

#include "core/base/random.h"
#include "sim/scenario/input_files.h"
#include "tests/sim/scenario/scenario_text.h"

namespace orrery::sim {
namespace {

struct Case {
  std::string spec;  // from line 5 on
  std::vector<std::string> errors;
};

void expect_errors(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(errors_of(scenario_with(c.spec)), c.errors) << c.spec;
  }
}

TEST(BadScenario, NamesTheFieldOfANodePool) {
  const std::string pools = "  cluster:\n    nodePools:\n    - ";
  expect_errors({
      {pools + "{name: n, count: \"ten\"}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].count: must be an integer from 1 to 1000000, got "
        "\"ten\""}},
      {pools + "{name: n, count: 0}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].count: must be an integer from 1 to 1000000, got 0"}},
      {pools + "{count: 3}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].name: required: the pool's name, e.g. general"}},
      {pools + "{name: n}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].count: required: how many nodes, e.g. 3"}},
      {pools + "{name: N_1, count: 3}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].name: must be lower-case letters, digits and -, "
        "starting "
        "and ending with a letter or digit, got \"N_1\""}},
      {pools + "{name: n, count: 3, cpus: 4}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].cpus: unknown field, did you mean \"cpu\"?"}},
      {pools + "{name: n, count: 3, cpu: four}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].cpu: must be a CPU quantity such as 500m or \"2\", "
        "got \"four\""}},
      {pools + "{name: n, count: 3, memory: 32GB}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].memory: must be a quantity such as 128Mi or 32Gi, got "
        "\"32GB\""}},
      {pools + "{name: n, count: 3, cpu: 1, reserved: {cpu: 2}}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].reserved.cpu: must not be more than the node's cpu"}},
      {pools + "{name: n, count: 3, taints: [gpu]}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].taints[0]: must be a taint such as "
        "dedicated=gpu:NoSchedule, got \"gpu\""}},
      {pools + "{name: n, count: 3, taints: [\"a=b:Never\"]}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].taints[0]: must be one of NoSchedule, "
        "PreferNoSchedule, "
        "NoExecute, got \"Never\""}},
      {pools + "{name: n, count: 3, resources: {fpga: 1}}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].resources[fpga]: an extended resource has a domain, "
        "e.g. "
        "vendor.example/device"}},
      {pools + "{name: n, count: 3, labels: {tier: 1}}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].labels[tier]: must be text in quotes, got 1"}},
      {pools + "{name: n, count: 3}\n    - {name: n, count: 2}\n",
       {"x.yaml:8: spec.cluster.nodePools[1].name: pool \"n\" is given twice"}},
      {pools + "{name: n, count: 3, zones: [b]}\n",
       {"x.yaml:7: spec.cluster.nodePools[0].zones[0]: no such zone: \"b\"; there are: zone-a"}},
  });
}

TEST(BadScenario, NamesTheFieldOfTheSpec) {
  const std::string pool = kOnePool;
  expect_errors({
      {pool + "  until: 5\n",
       {"x.yaml:6: spec.until: must be a duration such as 30s, 5m or 1h30m, got 5"}},
      {pool + "  until: 0\n",
       {"x.yaml:6: spec.until: must be a duration above 0 such as 30s, 5m or 1h30m, got 0"}},
      {pool + "  until:\n",
       {"x.yaml:6: spec.until: must be a duration such as 30s, 5m or 1h30m, got nothing (leave the "
        "field out for its default)"}},
      {pool + "  seed: -1\n", {"x.yaml:6: spec.seed: must be an integer, 0 or more, got -1"}},
      {pool + "  startTime: yesterday\n",
       {"x.yaml:6: spec.startTime: must be a time such as 2026-01-01T00:00:00Z, got "
        "\"yesterday\""}},
      {pool + "  duration: 5m\n",
       {"x.yaml:6: spec.duration: unknown field, known here: description, seed, until, startTime, "
        "cluster, manifests, workloads, trace, actions, models, scheduler, stopWhen, record, "
        "expect"}},
      {pool + "  seed: 1\n  seed: 2\n",
       {"x.yaml:7: spec.seed: is given twice in this map: keep one"}},
      {"  seed: 1\n",
       {"x.yaml:4: spec.cluster.nodePools: a scenario needs nodes, e.g. nodePools: [{name: "
        "general, "
        "count: 3}]"}},
      {"  cluster: {zones: [true], nodePools: [{name: n, count: 1}]}\n",
       {"x.yaml:5: spec.cluster.zones[0]: must be a name or a map with name, region, racks, got "
        "true"}},
      {pool + "  stopWhen: {allAvailable: yes}\n",
       {"x.yaml:6: spec.stopWhen.allAvailable: must be true or false, got \"yes\""}},
      {"  cluster: {zones: [{name: a, region: r}], nodePools: [{name: n, count: 1}]}\n",
       {"x.yaml:5: spec.cluster.zones[0].region: no such region: \"r\"; there are: region-1"}},
      {pool + "  stopWhen: {idle: true}\n",
       {"x.yaml:6: spec.stopWhen.idle: must be a duration such as 30s, 5m or 1h30m, got true"}},
      {pool + "  manifests: workloads\n",
       {"x.yaml:6: spec.manifests: must be a list, got \"workloads\""}},
      {pool + "  workloads:\n  - {name: w, cpu: 1, cpuLimit: 500m}\n",
       {"x.yaml:7: spec.workloads[0].cpuLimit: must be at least cpu"}},
      {pool + "  workloads:\n  - {name: w, namespaceCount: 2}\n",
       {"x.yaml:7: spec.workloads[0].namespaceCount: must not be more than count (1)"}},
      {pool + "  trace: {format: openb}\n",
       {"x.yaml:6: spec.trace.dir: required by format openb: the folder of the trace's CSV files"}},
      {pool + "  scheduler: {tieBreak: lowest}\n",
       {"x.yaml:6: spec.scheduler.tieBreak: must be one of random, lowest-name, first-index, got "
        "\"lowest\""}},
      {pool + "  scheduler: {config: s.yaml, gpuPolicy: tightest, tieBreak: first-index}\n",
       {"x.yaml:6: spec.scheduler.tieBreak: stands in the file that config names: leave it out"}},
      {pool + "  scheduler: {scoringStrategy: RequestedToCapacityRatio}\n",
       {"x.yaml:6: spec.scheduler.shape: required by RequestedToCapacityRatio, e.g. [{utilization: "
        "0, "
        "score: 0}, {utilization: 100, score: 10}]"}},
      {pool + "  models: {startLatency: {sandbox: {p50: 2s, p99: 1s}}}\n",
       {"x.yaml:6: spec.models.startLatency.sandbox.p99: must be at least p50 (2s), got 1s"}},
      {pool + "  models: {behaviours: [{match: {image: \"a*\"}}]}\n",
       {"x.yaml:6: spec.models.behaviours[0]: says nothing: give one of exits, crashLoop, oom, "
        "readiness, runTime, usage, pullFails"}},
  });
}

TEST(BadScenario, NamesTheFieldOfAnAction) {
  const std::string head = std::string(kOnePool) + "  until: 30m\n  actions:\n  - ";
  const std::string at = "x.yaml:8: spec.actions[0]";
  expect_errors({
      {head + "{apply: a.yaml}\n",
       {at + ".at: required: when, from the start of the run, e.g. 5m"}},
      {head + "{at: 5m}\n",
       {at +
        ": needs one of apply, delete, scale, set, patch, cordon, uncordon, drain, kill, fault"}},
      {head + "{at: 5m, drain: n-0, cordon: n-1}\n",
       {at + ": has more than one verb: cordon, drain: make several actions of it"}},
      {head + "{at: 5m, fault: node-crsh, node: n-0}\n",
       {at + ".fault: must be one of pod-kill, node-crash, node-hang, node-recover, zone-outage, "
             "image-pull-failure, slow-node, got \"node-crsh\""}},
      {head + "{at: 5m, fault: node-crash}\n",
       {at + ": fault: node-crash needs one of node, nodes"}},
      {head + "{at: 5m, fault: node-crash, node: n-0, nodes: {count: 1}}\n",
       {at + ": fault: node-crash needs only one of node, nodes"}},
      {head + "{at: 5m, fault: node-crash, node: n-0, factor: 2}\n",
       {at + ".factor: does not belong to fault: node-crash: leave it out"}},
      {head + "{at: 5m, fault: slow-node, node: n-0}\n",
       {at +
        ": fault: slow-node needs factor, e.g. {at: 5m, fault: slow-node, node: general-2, factor: "
        "4, for: 10m}"}},
      {head + "{at: 5m, fault: zone-outage, zone: q}\n",
       {at + ".zone: no such zone: \"q\"; there are: zone-a"}},
      {head + "{at: 5m, fault: node-crash, node: n-3}\n",
       {at + ".node: no such node: \"n-3\"; pool n has n-0 to n-2"}},
      {head + "{at: 5m, drain: \"\"}\n", {at + ".drain: must not be empty: name what it is about"}},
      {head + "{at: 5m, fault: zone-outage, zone: \"\"}\n",
       {at + ".zone: must not be empty: name what it is about"}},
      {head + "{at: 5m, drain: m-1}\n",
       {at + ".drain: no such node: \"m-1\"; nodes are named POOL-NUMBER, pools are: n"}},
      {head + "{at: 31m, drain: n-1}\n",
       {at + ".at: 31m is after the end of the run (until: 30m)"}},
      {head + "{at: 5m, scale: {name: w, replicas: -1}}\n",
       {at + ".scale.replicas: must be an integer, 0 or more, got -1"}},
      {head + "{at: 5m, set: {}}\n", {at + ".set: needs one of image, env"}},
      {head + "{at: 5m, kill: {count: 1, percent: 2}}\n",
       {at + ".kill.percent: cannot stand beside count: keep one of the two"}},
      {head + "{at: 5m, fault: node-crash, nodes: {percent: 101}}\n",
       {at + ".nodes.percent: must be an integer from 1 to 100, got 101"}},
      {head + "{at: 5m, fault: node-crash, nodes: {pool: m}}\n",
       {at + ".nodes.pool: no such node pool: \"m\"; there are: n"}},
  });
}

TEST(BadScenario, NamesTheFieldOfAnExpectation) {
  const std::string head = std::string(kOnePool) + "  expect:\n  - ";
  const std::string at = "x.yaml:7: spec.expect[0]";
  expect_errors({
      {head + "{within: 2m}\n",
       {at + ": needs one of available, running, pending, ready, succeeded, failed, restarts, "
             "nodesReady, noPending, maxUnavailable"}},
      {head + "{running: 3, pending: 0}\n",
       {at + ": needs only one of available, running, pending, ready, succeeded, failed, restarts, "
             "nodesReady, noPending, maxUnavailable"}},
      {head + "{running: many}\n",
       {at + ".running: must be an integer, 0 or more, or a comparison such as \">= 30\", got "
             "\"many\""}},
      {head + "{available: all, after: start}\n",
       {at + ".after: needs within beside it, e.g. within: 2m"}},
      {head + "{available: all, within: 1m, after: each-fault}\n",
       {at + ".after: each-fault: the scenario has no fault"}},
      {head + "{available: all, within: 1m, after: lunch}\n",
       {at +
        ".after: must be start, each-fault, each-action or a duration such as 5m, got \"lunch\""}},
      {head + "{maxUnavailable: 120%}\n",
       {at + ".maxUnavailable: must be an integer, 0 or more, or a percentage such as \"25%\", got "
             "\"120%\""}},
      {head + "{noPending: false}\n", {at + ".noPending: must be true, or left out"}},
  });
}

TEST(BadScenario, HasAHeaderThatIsCheckedToo) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {"", {"x.yaml:1: must hold one document with kind: Scenario, found nothing"}},
      {"a: [1\n", {"x.yaml:2:1: is not valid YAML: end of sequence flow not found"}},
      {"kind: Pod\n",
       {"x.yaml:1: apiVersion: required: apiVersion: orrery.dev/v1alpha1",
        "x.yaml:1: kind: must be \"Scenario\", got \"Pod\"",
        "x.yaml:1: metadata.name: required: the scenario's name, e.g. self-healing",
        "x.yaml:1: spec: required: the run itself, see docs/scenario.md"}},
      {scenario_with(kOnePool) + "---\na: 1\n",
       {"x.yaml:7: must hold one document with kind: Scenario, found 2"}},
      {"apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: A b}\nspec:\n" +
           std::string(kOnePool),
       {"x.yaml:3: metadata.name: must be lower-case letters, digits and -, starting and ending "
        "with a "
        "letter or digit, got \"A b\""}},
  };
  for (const auto& [text, errors] : cases) EXPECT_EQ(errors_of(text), errors) << text;
}

TEST(BadScenario, TellsAllItsErrorsAtOnceInTheOrderOfTheFile) {
  const auto errors = errors_of(
      scenario_with("  until: soon\n  cluster: {nodePools: [{name: n, count: x}]}\n  seeds: 1\n"));
  EXPECT_EQ(errors,
            (std::vector<std::string>{
                "x.yaml:5: spec.until: must be a duration such as 30s, 5m or 1h30m, got \"soon\"",
                "x.yaml:6: spec.cluster.nodePools[0].count: must be an integer from 1 to "
                "1000000, got \"x\"",
                "x.yaml:7: spec.seeds: unknown field, did you mean \"seed\"?"}));
}

TEST(BadScenario, NamesFilesThatAreNotThere) {
  const auto parsed = parse_scenario(
      scenario_with(std::string(kOnePool) + "  manifests: [nowhere]\n"), "some/where/x.yaml", true);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(
      parsed.status().message(),
      "some/where/x.yaml:6: spec.manifests[0]: no such file or folder: \"nowhere\" (looked for "
      "some/where/nowhere)");
}

TEST(BadScenario, NeverCrashesOnDamagedText) {
  const auto whole = read_text_file("scenarios/self-healing.yaml");
  ASSERT_TRUE(whole.ok());
  RandomStream draws(1);
  constexpr std::string_view kBytes = "{}[]:,-#&*!|>'\"%@`?~\n\t 0a\xff";
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string text = *whole;
    for (std::uint64_t n = draws.below(4) + 1; n > 0; --n) {
      text[draws.below(text.size())] = kBytes[draws.below(kBytes.size())];
    }
    if (draws.chance(0.2)) text.resize(draws.below(text.size()));
    const auto parsed = parse_scenario(text, "x.yaml", false);
    if (parsed.ok()) continue;
    ++refused;
    for (const StatusCause& cause : parsed.status().details().causes) {
      EXPECT_TRUE(cause.message.starts_with("x.yaml:")) << cause.message;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace orrery::sim
