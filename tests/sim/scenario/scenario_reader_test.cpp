#include "sim/scenario/scenario_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/scenario/scenario_text.h"

namespace orrery::sim {
namespace {

Scenario parsed(const std::string& spec) {
  auto scenario = parse_scenario(scenario_with(spec), "x.yaml", false);
  EXPECT_TRUE(scenario.ok()) << scenario.status().message();
  return std::move(scenario).value();
}

TEST(ScenarioReader, FillsInDefaults) {
  const Scenario s = parsed(kOnePool);
  EXPECT_EQ(s.seed, 1u);
  EXPECT_EQ(s.until, std::chrono::hours(1));
  EXPECT_EQ(format_rfc3339(s.start_time), "2026-01-01T00:00:00Z");
  ASSERT_EQ(s.cluster.zones.size(), 1u);
  EXPECT_EQ(s.cluster.zones[0].name, "zone-a");
  EXPECT_EQ(s.cluster.node_pools[0].zones, std::vector<std::string>{"zone-a"});
  EXPECT_EQ(*s.record.series_interval, std::chrono::seconds(6));
  EXPECT_EQ(*s.record.placement_interval, std::chrono::seconds(30));
}

TEST(ScenarioReader, WidensThePlacementIntervalForManyNodes) {
  const Scenario s = parsed("  until: 100m\n  cluster: {nodePools: [{name: n, count: 50000}]}\n");
  EXPECT_EQ(*s.record.placement_interval, std::chrono::minutes(10));
}

TEST(ScenarioReader, ReadsEachVerb) {
  const Scenario s =
      parsed(std::string(kOnePool) +
             "  actions:\n"
             "  - {at: 1m, apply: a.yaml}\n"
             "  - {at: 2m, delete: {kind: Pod, name: p}}\n"
             "  - {at: 3m, scale: {kind: StatefulSet, name: w, replicas: 0}}\n"
             "  - {at: 4m, set: {env: {deployment: w, vars: {A: b}}}}\n"
             "  - {at: 5m, patch: {kind: Deployment, name: w, patch: {spec: {paused: true}}}}\n"
             "  - {at: 6m, cordon: n-0}\n  - {at: 7m, uncordon: n-0}\n  - {at: 8m, drain: n-0}\n"
             "  - {at: 9m, kill: {labels: {app: w}, percent: 50, pick: first}}\n"
             "  - {at: 10m, fault: slow-node, node: n-1, factor: 2.5, for: 90s}\n");
  ASSERT_EQ(s.actions.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(static_cast<std::size_t>(s.actions[i].verb), i);
  EXPECT_EQ(s.actions[1].remove->name_space, "default");
  EXPECT_EQ(s.actions[2].scale->kind, "StatefulSet");
  EXPECT_EQ(s.actions[3].set->env->vars.at("A"), "b");
  EXPECT_EQ(to_json_text(s.actions[4].patch->patch), "{\"spec\":{\"paused\":true}}");
  EXPECT_EQ(s.actions[8].kill->pick, Pick::kFirst);
  EXPECT_EQ(s.actions[9].fault, Fault::kSlowNode);
  EXPECT_EQ(s.actions[9].factor, 2.5);
  EXPECT_EQ(*s.actions[9].lasts, std::chrono::seconds(90));
}

TEST(ScenarioReader, SortsActionsByTimeAndKeepsTheOrderOfEqualOnes) {
  const Scenario s = parsed(std::string(kOnePool) +
                            "  actions:\n  - {at: 2m, cordon: n-0}\n  - {at: 1m, cordon: n-1}\n"
                            "  - {at: 2m, cordon: n-2}\n");
  EXPECT_EQ(s.actions[0].cordon, "n-1");
  EXPECT_EQ(s.actions[1].cordon, "n-0");
  EXPECT_EQ(s.actions[2].cordon, "n-2");
}

TEST(ScenarioReader, ReadsModelsAndExpectations) {
  const Scenario s = parsed(std::string(kOnePool) +
                            "  models:\n    apiLatency: 5ms\n    startLatency: {sandbox: {p50: "
                            "1s}, imagePull: {sizes: {\"a/*\": 1Gi}}}\n"
                            "    behaviours: [{match: {labels: {app: x}}, crashLoop: {times: 3}, "
                            "readiness: {never: true}}]\n"
                            "  expect: [{running: \">= 5\", within: 2m}, {maxUnavailable: \"25%\", "
                            "of: web, after: 3m}]\n");
  EXPECT_EQ(s.models.api_latency.p99, std::chrono::milliseconds(5));
  EXPECT_EQ(s.models.start_latency.sandbox.p99, std::chrono::seconds(1));
  EXPECT_EQ(s.models.start_latency.image_pull.sizes.at("a/*").bytes, kGiB);
  EXPECT_EQ(s.models.behaviours[0].crash_loop->times, 3);
  EXPECT_TRUE(s.models.behaviours[0].readiness->never);
  EXPECT_TRUE(s.expect[0].running->holds(6));
  EXPECT_TRUE(s.expect[1].max_unavailable->is_percent);
  EXPECT_EQ(s.expect[1].after.instant, std::chrono::minutes(3));
}

TEST(ScenarioReader, ReadsAJsonScenarioToo) {
  const auto s = parse_scenario(
      R"({"apiVersion": "orrery.dev/v1alpha1", "kind": "Scenario", "metadata": {"name": "j"},
          "spec": {"cluster": {"nodePools": [{"name": "n", "count": 2}]}}})",
      "x.json", false);
  ASSERT_TRUE(s.ok()) << s.status().message();
  EXPECT_EQ(pool_nodes(*s), 2);
}

TEST(ScenarioReader, WritesTheFullFormWithDefaults) {
  const nlohmann::json json = to_json(parsed(kOnePool));
  EXPECT_EQ(json["kind"], "Scenario");
  EXPECT_EQ(json["spec"]["until"], "1h");
  EXPECT_EQ(json["spec"]["cluster"]["nodePools"][0]["cpu"], "4");
  EXPECT_EQ(json["spec"]["models"]["startLatency"]["sandbox"]["p99"], "400ms");
  EXPECT_EQ(json["spec"]["scheduler"]["tieBreak"], "random");
  EXPECT_FALSE(json["spec"].contains("trace"));
}

}  // namespace
}  // namespace orrery::sim
