#include "sim/container_model/container_fate.h"

#include <gtest/gtest.h>

#include "core/base/pattern.h"
#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::sim {
namespace {

using kubelet::KubeletWorld;

ContainerFate fate_of(const ContainerModelConfig& config, const api::Pod& pod,
                      std::uint32_t attempt = 0) {
  return container_fate(config, pod, Symbol("c"), false, attempt);
}

TEST(ContainerFate, RunsForEverUnlessTold) {
  const ContainerFate fate = fate_of({}, *KubeletWorld::pod("p"));
  EXPECT_EQ(fate.lives, kForever);
  EXPECT_EQ(fate.ready_after, 0s);
  EXPECT_EQ(fate.liveness_fails_after, kForever);
}

TEST(ContainerFate, DependsOnThePodAloneAndNotOnTheOrderOfDraws) {
  ContainerModelConfig config;
  ContainerBehaviour b;
  b.exits_after = LatencyModel{10s, 100s};
  config.behaviours.push_back(b);
  const auto a1 = KubeletWorld::pod("a"), b1 = KubeletWorld::pod("b");
  const Duration a = fate_of(config, *a1).lives;
  const Duration other = fate_of(config, *b1).lives;
  EXPECT_NE(a, other);
  EXPECT_EQ(fate_of(config, *a1).lives, a);
  EXPECT_NE(fate_of(config, *a1, 1).lives, a);
  config.seed = 2;
  EXPECT_NE(fate_of(config, *a1).lives, a);
}

TEST(ContainerFate, TheFirstBehaviourThatSetsAPropertyDecidesIt) {
  ContainerModelConfig config;
  ContainerBehaviour first, second, third;
  first.image = "nothing/*";
  first.never_ready = true;
  second.image = "app:*";
  second.ready_after = LatencyModel{5s, 5s};
  third.ready_after = LatencyModel{50s, 50s};
  third.exits_after = LatencyModel{60s, 60s};
  third.exit_code = 4;
  config.behaviours = {first, second, third};
  const ContainerFate fate = fate_of(config, *KubeletWorld::pod("p"));
  EXPECT_EQ(fate.ready_after, 5s);
  EXPECT_EQ(fate.lives, 60s);
  EXPECT_EQ(fate.exit_code, 4);
}

TEST(ContainerFate, MatchesByLabelNamespaceAndContainer) {
  const auto pod = KubeletWorld::pod("p");
  pod->meta.labels = api::LabelSet(api::Labels({{Symbol("app"), Symbol("web")}}));
  const auto never_ready = [&](auto change) {
    ContainerModelConfig config;
    ContainerBehaviour b;
    b.never_ready = true;
    change(b);
    config.behaviours.push_back(b);
    return fate_of(config, *pod).ready_after == kForever;
  };
  EXPECT_TRUE(never_ready([](auto&) {}));
  EXPECT_TRUE(never_ready([](auto& b) { b.labels = {{Symbol("app"), Symbol("web")}}; }));
  EXPECT_FALSE(never_ready([](auto& b) { b.labels = {{Symbol("app"), Symbol("db")}}; }));
  EXPECT_TRUE(never_ready([](auto& b) { b.name_space = "default"; }));
  EXPECT_FALSE(never_ready([](auto& b) { b.name_space = "other"; }));
  EXPECT_TRUE(never_ready([](auto& b) { b.container = "c"; }));
  EXPECT_FALSE(never_ready([](auto& b) { b.container = "d"; }));
}

TEST(ContainerFate, CrashesOnlySoManyTimes) {
  ContainerModelConfig config;
  ContainerBehaviour b;
  b.crashes_after = LatencyModel{2s, 2s};
  b.crash_times = 3;
  config.behaviours.push_back(b);
  const auto pod = KubeletWorld::pod("p");
  EXPECT_EQ(fate_of(config, *pod, 2).exit_code, 1);
  EXPECT_EQ(fate_of(config, *pod, 3).lives, kForever);
}

TEST(ContainerFate, ContainersOfJobsEnd) {
  ContainerModelConfig config;
  config.job_run_time = {30s, 30s};
  const auto pod = KubeletWorld::pod("p");
  api::OwnerReference owner;
  owner.kind = Symbol("Job");
  owner.controller = true;
  pod->meta.owner_references = {owner};
  EXPECT_EQ(fate_of(config, *pod).lives, 30s);
  api::set(pod->meta.annotations, kRunTimeAnnotation, "1h30m");
  EXPECT_EQ(fate_of(config, *pod).lives, 90min);
}

TEST(ImagePattern, StarStandsForAnyText) {
  EXPECT_TRUE(matches_pattern("*", ""));
  EXPECT_TRUE(matches_pattern("shop/*", "shop/web:1"));
  EXPECT_TRUE(matches_pattern("*web*", "shop/web:1"));
  EXPECT_TRUE(matches_pattern("a*b*c", "aXbbYc"));
  EXPECT_FALSE(matches_pattern("shop/*", "shopping/web"));
  EXPECT_FALSE(matches_pattern("a*b", "abc"));
  EXPECT_FALSE(matches_pattern("", "a"));
}

TEST(ImageSizes, TheLongestPatternWins) {
  ContainerModelConfig config;
  config.image_sizes = {{"shop/web*", 3}, {"*", 1}, {"shop/*", 2}};
  EXPECT_EQ(image_bytes(config, Symbol("shop/web:1")), 3);
  EXPECT_EQ(image_bytes(config, Symbol("shop/db:1")), 2);
  EXPECT_EQ(image_bytes(config, Symbol("x")), 1);
}

}  // namespace
}  // namespace orrery::sim
