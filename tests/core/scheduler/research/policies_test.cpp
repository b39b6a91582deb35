// Scores by hand, and the devices that policies choose.
#include <gtest/gtest.h>

#include "core/scheduler/research/packing_score.h"
#include "tests/core/scheduler/plugin_world.h"
#include "tests/core/scheduler/research/gpu_objects.h"

namespace orrery::scheduler::test {
namespace {

Profile profile_of(const std::string& policy, TieBreak tie_break = TieBreak::kLowestName) {
  Profile profile;
  profile.plugins = {
      {"PrioritySort"}, {"NodeResourcesFit", 0}, {"GpuDevice"}, {policy}, {"DefaultBinder"}};
  // Half a device counts 6, two devices 3, no GPU 1.
  profile.args["FGDScore"] =
      FgdArgs{{{{2000, 500, 1, {}}, 6}, {{8000, 1000, 2, {}}, 3}, {{1000, 0, 0, {}}, 1}}};
  profile.percentage_of_nodes_to_score = 100;
  profile.tie_break = tie_break;
  return profile;
}

struct PolicyWorld : PluginWorld {
  explicit PolicyWorld(const std::string& policy) : PluginWorld(profile_of(policy)) {}
  NodeInfo node(const std::string& name) { return cache.node(cache.find_node(Symbol(name))); }
  /// A pod on a node, on the devices that the policy wants.
  void put(const Ref<api::Pod>& pod, const std::string& name) {
    cache.refresh_order();
    cache.assume(pod, cache.find_node(Symbol(name)), framework->devices_for(*pod, node(name)));
  }
  /// Raw scores of the policy, in node order.
  std::vector<std::int64_t> raw(const api::Pod& pod, const std::string& policy) {
    for (const Explanation::Plugin& p : explain_pod(pod).scores) {
      if (p.name == policy) return p.raw;
    }
    return {};
  }
};

using Scores = std::vector<std::int64_t>;

TEST(BestFit, PrefersTheNodeWithTheLeastLeftAndSpreadsScores) {
  PolicyWorld world("BestFitScore");
  world.cache.add_node(gpu_node("a", 64, 8));
  world.cache.add_node(gpu_node("b", 32, 2));
  world.cache.add_node(gpu_node("c", 96, 8));
  const Ref<api::Pod> pod = gpu_pod("p", 8000, 500);
  // 100 * (1 - (56/128 + 7.5/8) / 2) = 31.25; (24/128 + 1.5/8) / 2 -> 81.25;
  // (88/128 + 7.5/8) / 2 -> 18.75.
  EXPECT_EQ(world.raw(*pod, "BestFitScore"), (Scores{31, 81, 18}));
  EXPECT_EQ(world.scores(*pod, "BestFitScore"), (Scores{100 * 13 / 63, 100, 0}));
}

TEST(BestFit, GivesEqualNodesZero) {
  Scores equal{42, 42, 42};
  stretch(equal);
  EXPECT_EQ(equal, (Scores{0, 0, 0}));
  Scores wide{-400, 100, 600};
  stretch(wide);
  EXPECT_EQ(wide, (Scores{0, 50, 100}));
}

TEST(DotProduct, PrefersTheNodeWhoseFreeResourcesAreFewest) {
  PolicyWorld world("DotProductScore");
  world.cache.add_node(gpu_node("a", 64, 8));
  world.cache.add_node(gpu_node("b", 128, 8));
  world.cache.add_node(gpu_node("c", 32, 4));
  // 16/128 x 64/128 + 4/8 x 8/8 = 0.5625 -> 71.875; 0.125 + 0.5 -> 68.75; 0.03125 + 0.25 -> 85.9.
  EXPECT_EQ(world.scores(*gpu_pod("p", 16000, 4000), "DotProductScore"), (Scores{71, 68, 85}));
}

TEST(GpuClustering, PrefersNodesThatHoldOnlyPodsWithTheSameDemand) {
  PolicyWorld world("GpuClusteringScore");
  for (const char* name : {"free", "mixed", "other", "same"}) {
    world.cache.add_node(gpu_node(name, 64, 4));
  }
  world.put(gpu_pod("1", 1000, 500), "mixed");
  world.put(gpu_pod("2", 1000, 2000), "mixed");
  world.put(gpu_pod("3", 1000, 1000), "other");
  world.put(gpu_pod("4", 1000, 300), "same");
  // 25 * (8000 - free) / 8000 and 25 for each better tier.
  EXPECT_EQ(world.scores(*gpu_pod("p", 1000, 200), "GpuClusteringScore"),
            (Scores{12 + 25, 20 + 50, 15, 13 + 75}));
  EXPECT_EQ(world.scores(*gpu_pod("q", 1000, 0), "GpuClusteringScore"), (Scores{0, 0, 0, 0}));
}

TEST(GpuPacking, PrefersUsedDevicesThenUsedNodes) {
  PolicyWorld world("GpuPackingScore");
  for (const char* name : {"a-free", "b-shared", "c-used", "d-free-large"}) {
    world.cache.add_node(gpu_node(name, 64, name[0] == 'd' ? 8 : 4));
  }
  world.put(gpu_pod("1", 1000, 400), "b-shared");
  world.put(gpu_pod("2", 1000, 900), "c-used");
  // Free nodes: 33 less their devices. 600 of 1000 free on the device used: 100 - 60 / 10. A device
  // of c must be opened: 50 - 1.
  EXPECT_EQ(world.scores(*gpu_pod("p", 1000, 500), "GpuPackingScore"), (Scores{29, 94, 49, 25}));
  EXPECT_EQ(world.scores(*gpu_pod("q", 1000, 3000), "GpuPackingScore"), (Scores{29, 47, 47, 25}));
  EXPECT_EQ(world.scores(*gpu_pod("r", 1000, 0), "GpuPackingScore"), (Scores{0, 0, 0, 0}));
}

TEST(Fgd, PrefersTheNodeWhoseFragmentsShrinkMost) {
  PolicyWorld world("FGDScore");
  world.cache.add_node(gpu_node("a", 32, 2));
  world.cache.add_node(gpu_node("b", 32, 2));
  world.put(gpu_pod("1", 1000, 700), "b");
  // a: (2000) -> half a device: 0, two devices and none: 4 x 1500 = 6000; less = -0.4: 40 %.
  // b: (1000, 300) 6x300 + 4x1300 = 7000 -> (500, 300): 6x300 + 4x800 = 5000; less = 0.2: 54.98 %.
  EXPECT_EQ(world.scores(*gpu_pod("p", 2000, 500), "FGDScore"), (Scores{40, 54}));
  // a pod of 300 fits b's used device exactly: 7000 -> (1000): 4x1000 = 4000; less = 0.3: 57.4 %.
  EXPECT_EQ(world.scores(*gpu_pod("q", 2000, 300), "FGDScore").at(1), 57);
}

TEST(Fgd, TakesTheDeviceOfItsBestScoreEvenIfAnotherFitsTighter) {
  PolicyWorld world("FGDScore");
  world.cache.add_node(gpu_node("a", 8, 2));
  world.put(gpu_pod("1", 1000, 400), "a");
  ASSERT_EQ(world.node("a").gpu()->free_milli, (std::vector<std::int32_t>{600, 1000}));
  // 7 cores are left, too few for two devices: before 4 x 1600 = 6400. On the used device: 6 x 450
  // + 4 x 1450 = 8500, 44 %. On the other: 4 x 1450 = 5800, less = 0.06, 51 %.
  const Ref<api::Pod> pod = gpu_pod("p", 2000, 150);
  EXPECT_EQ(world.framework->devices_for(*pod, world.node("a")), 0b10u);
  EXPECT_EQ(world.framework->devices_for(*gpu_pod("q", 2000, 0), world.node("a")), 0u);
  EXPECT_EQ(world.framework->devices_for(*gpu_pod("r", 2000, 1000), world.node("a")), 0b10u);
  world.cache.add_node(gpu_node("b", 8, 2));
  EXPECT_EQ(world.scores(*pod, "FGDScore").at(0), 51);
}

TEST(Fgd, OfEqualDevicesTakesTheFirst) {
  PolicyWorld world("FGDScore");
  world.cache.add_node(gpu_node("a", 32, 4));
  EXPECT_EQ(world.framework->devices_for(*gpu_pod("p", 2000, 150), world.node("a")), 0b1u);
}

TEST(Fgd, ScoresANodeAnewOnceItHasChanged) {
  PolicyWorld world("FGDScore");
  world.cache.add_node(gpu_node("a", 32, 2));
  world.cache.add_node(gpu_node("b", 32, 2));
  const Ref<api::Pod> pod = gpu_pod("p", 2000, 500);
  EXPECT_EQ(world.scores(*pod, "FGDScore"), (Scores{40, 40}));
  const Ref<api::Pod> other = gpu_pod("1", 1000, 700);
  world.put(other, "b");
  EXPECT_EQ(world.scores(*pod, "FGDScore"), (Scores{40, 54}));
  world.cache.remove_pod(other->meta.uid);
  EXPECT_EQ(world.scores(*pod, "FGDScore"), (Scores{40, 40}));
}

TEST(Fgd, NeedsTypicalPods) {
  PluginWorld world;
  Profile profile = profile_of("FGDScore");
  profile.args.clear();
  const auto made =
      Framework::make(profile, built_in_plugins(), {world.env, world.client, world.cache});
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.status().message().find("typicalPods: required"), std::string::npos);
}

TEST(RandomPolicy, DrawsOneNodeAPodAndTheSameAgainWhenExplained) {
  PolicyWorld world("RandomScore");
  for (int i = 0; i < 10; ++i) world.cache.add_node(gpu_node("n" + std::to_string(i), 32, 2));
  std::vector<int> drawn(10, 0);
  for (int i = 0; i < 1000; ++i) {
    const Ref<api::Pod> pod = gpu_pod("p" + std::to_string(i), 1000, 500);
    const Scores scores = world.scores(*pod, "RandomScore");
    EXPECT_EQ(std::count(scores.begin(), scores.end(), 100), 1);
    EXPECT_EQ(std::count(scores.begin(), scores.end(), 0), 9);
    EXPECT_EQ(world.scores(*pod, "RandomScore"), scores);
    ++drawn[static_cast<std::size_t>(std::find(scores.begin(), scores.end(), 100) -
                                     scores.begin())];
  }
  for (const int n : drawn) {  // 100 each, deviation 9.5
    EXPECT_GT(n, 50);
    EXPECT_LT(n, 150);
  }
}

TEST(RandomPolicy, TakesARandomDeviceOfThoseThatFit) {
  PolicyWorld world("RandomScore");
  world.cache.add_node(gpu_node("a", 64, 4));
  Ref<api::Pod> first = gpu_pod("first", 1000, 800);
  world.put(first, "a");
  std::size_t taken = 4;
  for (std::size_t i = 0; i < 4; ++i) {
    if (world.node("a").gpu()->free_milli[i] == 200) taken = i;
  }
  ASSERT_LT(taken, 4u);
  std::vector<int> drawn(4, 0);
  for (int i = 0; i < 300; ++i) {
    const Ref<api::Pod> pod = gpu_pod("p" + std::to_string(i), 1000, 300);
    const DeviceMask mask = world.framework->devices_for(*pod, world.node("a"));
    for (std::size_t d = 0; d < 4; ++d) drawn[d] += mask == DeviceMask{1} << d;
  }
  for (std::size_t d = 0; d < 4; ++d) {
    if (d == taken) {
      EXPECT_EQ(drawn[d], 0);
    } else {
      EXPECT_GT(drawn[d], 60);  // 100 each, deviation 8.2
    }
  }
}

TEST(OtherPolicies, LeaveTheDeviceToTheTightestFit) {
  for (const char* policy :
       {"BestFitScore", "DotProductScore", "GpuClusteringScore", "GpuPackingScore"}) {
    PolicyWorld world(policy);
    world.cache.add_node(gpu_node("a", 64, 3));
    world.put(gpu_pod("1", 1000, 600), "a");
    world.put(gpu_pod("2", 1000, 300), "a");
    EXPECT_EQ(world.node("a").gpu()->free_milli, (std::vector<std::int32_t>{100, 1000, 1000}))
        << policy;
  }
}

TEST(Policies, ScoreTheSameWhereOnlyTheirScoreIsEnabled) {
  for (const char* policy : {"BestFitScore", "FGDScore"}) {
    Profile profile = profile_of(policy);
    profile.plugins[3].points = {Point::kScore};
    PluginWorld only_score(profile);
    PolicyWorld whole(policy);
    for (PluginWorld* world : {&only_score, static_cast<PluginWorld*>(&whole)}) {
      world->cache.add_node(gpu_node("a", 64, 8));
      world->cache.add_node(gpu_node("b", 4, 2));
    }
    const Ref<api::Pod> pod = gpu_pod("p", 2000, 500);
    EXPECT_EQ(only_score.scores(*pod, policy), whole.scores(*pod, policy));
    EXPECT_EQ(only_score.scores(*pod, policy).size(), 2u);
  }
}

TEST(DevicesOfAPlugin, GiveWayToThoseThatThePodNames) {
  PolicyWorld world("BestFitScore");
  world.cache.add_node(gpu_node("a", 64, 3));
  world.cache.refresh_order();
  const Ref<api::Pod> pod = gpu_pod("1", 1000, 600);
  world.cache.assume(pod, world.cache.find_node(Symbol("a")), 0b100);
  EXPECT_EQ(world.cache.devices_of(pod->meta.uid), 0b100u);
  const Ref<api::Pod> named = gpu_pod("2", 1000, 600);
  api::set(named->meta.annotations, kGpuDevicesKey, "1");
  world.cache.assume(named, world.cache.find_node(Symbol("a")), 0b001);
  EXPECT_EQ(world.cache.devices_of(named->meta.uid), 0b010u);
}

}  // namespace
}  // namespace orrery::scheduler::test
