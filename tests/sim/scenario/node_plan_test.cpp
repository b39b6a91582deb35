#include "sim/scenario/node_plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/scenario/workload_manifests.h"
#include "tests/sim/scenario/scenario_text.h"

namespace orrery::sim {
namespace {

Scenario parsed(const std::string& spec) {
  auto scenario = parse_scenario(scenario_with(spec), "x.yaml", false);
  EXPECT_TRUE(scenario.ok()) << scenario.status().message();
  return std::move(scenario).value();
}

TEST(NodePlan, SpreadsAPoolOverItsZonesAndRacksRoundRobin) {
  const Scenario s = parsed(
      "  cluster:\n    zones: [{name: a, racks: 2}, b]\n    nodePools:\n"
      "    - {name: n, count: 5}\n    - {name: m, count: 1, zones: [b]}\n");
  const auto nodes = plan_nodes(s.cluster);
  ASSERT_EQ(nodes.size(), 6u);
  std::string text;
  for (const PlannedNode& n : nodes) text += n.name + "/" + n.zone + "/" + n.rack + " ";
  EXPECT_EQ(text, "n-0/a/a-r0 n-1/b/ n-2/a/a-r1 n-3/b/ n-4/a/a-r0 m-0/b/ ");
  EXPECT_EQ(nodes[0].region, "region-1");
}

TEST(NodePlan, GivesLabelsCapacityAndAllocatable) {
  const Scenario s = parsed(
      "  cluster:\n    nodePools:\n    - {name: n, count: 1, cpu: 4, memory: 16Gi, gpu: {count: 2, "
      "model: T4}, reserved: {cpu: 200m, memory: 1Gi}, labels: {tier: gold}}\n");
  const PoolShape shape = shape_of(s.cluster.node_pools[0]);
  EXPECT_EQ(shape.capacity.at("cpu"), "4");
  EXPECT_EQ(shape.allocatable.at("cpu"), "3800m");
  EXPECT_EQ(shape.allocatable.at("memory"), "15Gi");
  EXPECT_EQ(shape.allocatable.at("pods"), "110");
  EXPECT_EQ(shape.allocatable.at("nvidia.com/gpu"), "2");
  const auto labels = labels_of(plan_nodes(s.cluster)[0], shape);
  EXPECT_EQ(labels.at("kubernetes.io/hostname"), "n-0");
  EXPECT_EQ(labels.at("topology.kubernetes.io/zone"), "zone-a");
  EXPECT_EQ(labels.at("orrery.dev/gpu-model"), "T4");
  EXPECT_EQ(labels.at("tier"), "gold");
}

TEST(WorkloadManifests, MakeNamespacesDeploymentsAndServices) {
  const Scenario s = parsed(std::string(kOnePool) +
                            "  workloads:\n  - {name: w, count: 4, replicas: 3, namespace: t, "
                            "namespaceCount: 2, service: true, cpu: 250m, memoryLimit: 1Gi}\n");
  const auto documents = workload_manifests(s.workloads[0], "x.yaml");
  ASSERT_EQ(documents.size(), 2u + 4u * 2u);
  EXPECT_EQ((*documents[1].json)["metadata"]["name"], "t-1");
  const nlohmann::json& last = *documents[8].json;
  EXPECT_EQ(last["kind"], "Deployment");
  EXPECT_EQ(last["metadata"]["name"], "w-3");
  EXPECT_EQ(last["metadata"]["namespace"], "t-1");
  EXPECT_EQ(last["spec"]["replicas"], 3);
  const nlohmann::json& resources = last["spec"]["template"]["spec"]["containers"][0]["resources"];
  EXPECT_EQ(resources["requests"]["cpu"], "250m");
  EXPECT_EQ(resources["limits"]["memory"], "1Gi");
}

}  // namespace
}  // namespace orrery::sim
