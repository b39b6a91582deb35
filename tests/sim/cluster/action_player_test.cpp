#include "sim/cluster/action_player.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cluster/small_cluster.h"

namespace orrery::sim {
namespace {

TEST(ActionPlayer, ScalesADeploymentUpAndDown) {
  SmallCluster up("  actions: [{at: 1m, scale: {name: hello, replicas: 5}}]");
  EXPECT_EQ(up.hello().spec.replicas, 5);
  EXPECT_EQ(up.recorder().pods().ready, 5);
  EXPECT_TRUE(up.happened("action", "scale"));
  EXPECT_TRUE(up.summary().passed());

  SmallCluster down("  actions: [{at: 1m, scale: {name: hello, replicas: 1}}]");
  EXPECT_EQ(down.pods().size(), 1u);
  EXPECT_EQ(down.recorder().pods().deleted, 2);
}

TEST(ActionPlayer, SetsTheImageOfTheFirstContainerAndEveryPodGetsIt) {
  SmallCluster cluster(
      "  actions: [{at: 1m, set: {image: {deployment: hello, to: \"demo/hello:2\"}}}]");
  ASSERT_EQ(cluster.pods().size(), 3u);
  for (const auto& pod : cluster.pods()) {
    ASSERT_EQ(pod->spec->containers.size(), 1u);
    EXPECT_EQ(pod->spec->containers[0].image.view(), "demo/hello:2");
  }
  EXPECT_EQ(cluster.recorder().pods().ready, 3);
  EXPECT_EQ(cluster.recorder().pods().created, 6);
}

TEST(ActionPlayer, ACordonedNodeKeepsItsPodsAndGetsNoNewOnes) {
  SmallCluster cluster(
      "  actions:\n  - {at: 1m, cordon: node-0}\n"
      "  - {at: 2m, scale: {name: hello, replicas: 9}}");
  EXPECT_TRUE(cluster.is_cordoned("node-0"));
  EXPECT_EQ(cluster.pods_on("node-0"), 1u);  // three pods had been spread over three nodes
  EXPECT_EQ(cluster.recorder().pods().ready, 9);
}

TEST(ActionPlayer, AnUncordonedNodeGetsPodsAgain) {
  SmallCluster cluster(
      "  actions:\n  - {at: 1m, cordon: node-0}\n  - {at: 90s, uncordon: node-0}\n"
      "  - {at: 2m, scale: {name: hello, replicas: 9}}");
  EXPECT_FALSE(cluster.is_cordoned("node-0"));
  EXPECT_GT(cluster.pods_on("node-0"), 1u);
}

TEST(ActionPlayer, ADrainedNodeIsCordonedAndItsPodsRunElsewhere) {
  SmallCluster cluster("  actions: [{at: 1m, drain: node-1}]");
  EXPECT_TRUE(cluster.is_cordoned("node-1"));
  EXPECT_EQ(cluster.pods_on("node-1"), 0u);
  EXPECT_EQ(cluster.recorder().pods().deleted, 1);
  EXPECT_EQ(cluster.recorder().pods().ready, 3);
}

TEST(ActionPlayer, AKilledPodIsReplacedAndTheKillCountsAsAFault) {
  SmallCluster cluster("  actions: [{at: 1m, kill: {deployment: hello, count: 2}}]");
  EXPECT_EQ(cluster.recorder().pods().deleted, 2);
  EXPECT_EQ(cluster.recorder().pods().created, 5);
  EXPECT_EQ(cluster.recorder().pods().ready, 3);
  EXPECT_TRUE(cluster.happened("fault", "pod-kill"));
}

TEST(ActionPlayer, DeletesAWorkloadWithItsPods) {
  SmallCluster cluster("  actions: [{at: 1m, delete: {kind: Deployment, name: hello}}]");
  EXPECT_TRUE(cluster.pods().empty());
  EXPECT_EQ(cluster.recorder().availability().workloads(), 0u);
}

TEST(ActionPlayer, APatchedFieldIsChangedAndTheOthersStay) {
  SmallCluster cluster(
      "  actions: [{at: 1m, patch: {kind: Deployment, name: hello, patch: "
      "{spec: {minReadySeconds: 7}}}}]");
  EXPECT_EQ(cluster.hello().spec.min_ready_seconds, 7);
  EXPECT_EQ(cluster.hello().spec.replicas, 3);
  EXPECT_EQ(cluster.recorder().pods().created, 3);
}

TEST(ActionPlayer, SetsEnvironmentVariablesOfEveryPod) {
  SmallCluster cluster(
      "  actions: [{at: 1m, set: {env: {deployment: hello, vars: {MODE: fast}}}}]");
  ASSERT_EQ(cluster.pods().size(), 3u);
  EXPECT_EQ(cluster.recorder().pods().created, 6);
  for (const auto& pod : cluster.pods()) {
    const api::Container& container = pod->spec->containers[0];
    EXPECT_EQ(container.image.view(), "demo/hello:1");  // the rest stays
    ASSERT_TRUE(container.extra);
    EXPECT_EQ(container.extra.json()["env"].dump(), R"([{"name":"MODE","value":"fast"}])");
  }
}

TEST(ActionPlayer, ApplyingAManifestAgainBringsBackWhatItSays) {
  SmallCluster cluster(
      "  actions:\n  - {at: 1m, scale: {name: hello, replicas: 5}}\n"
      "  - {at: 2m, apply: workloads/hello}");
  EXPECT_EQ(cluster.hello().spec.replicas, 3);
  EXPECT_EQ(cluster.recorder().pods().deleted, 2);
  EXPECT_TRUE(cluster.summary().passed());
}

TEST(ActionPlayer, ANodeThatCrashesForAWhileComesBackReady) {
  SmallCluster during("  actions: [{at: 2m, fault: node-crash, node: node-2}]");
  EXPECT_EQ(during.recorder().nodes_ready(), 2);
  SmallCluster after("  actions: [{at: 1m, fault: node-crash, node: node-2, for: 90s}]");
  EXPECT_EQ(after.recorder().nodes_ready(), 3);
  EXPECT_EQ(after.recorder().pods().ready, 3);
  EXPECT_TRUE(after.happened("fault", "node-crash"));
}

TEST(ActionPlayer, AnActionThatNamesNothingIsAProblemOfTheRun) {
  SmallCluster scale("  actions: [{at: 1m, scale: {name: absent, replicas: 5}}]");
  ASSERT_EQ(scale.summary().problems.size(), 1u);
  EXPECT_NE(scale.summary().problems[0].find("deployments.apps \"absent\" not found"),
            std::string::npos)
      << scale.summary().problems[0];
  EXPECT_FALSE(scale.summary().passed());

  SmallCluster kill("  actions: [{at: 1m, kill: {deployment: absent}}]");
  ASSERT_EQ(kill.summary().problems.size(), 1u);
  EXPECT_NE(kill.summary().problems[0].find("no pod"), std::string::npos);
}

}  // namespace
}  // namespace orrery::sim
