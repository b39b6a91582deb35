#include <gtest/gtest.h>

#include "core/scheduler/host_selection.h"
#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {
namespace {

std::string error_of(Profile profile) {
  PluginWorld w;
  auto made = Framework::make(std::move(profile), built_in_plugins(), {w.env, w.client, w.cache});
  return made.ok() ? "" : made.status().message();
}

TEST(Profile, NamesWhatIsWrong) {
  Profile unknown = default_profile();
  unknown.plugins.push_back({"Bogus"});
  EXPECT_EQ(error_of(unknown), "profile \"default-scheduler\": plugin \"Bogus\" does not exist");
  Profile twice = default_profile();
  twice.plugins.push_back({"NodeName"});
  EXPECT_NE(error_of(twice).find("enabled twice"), std::string::npos);
  Profile wrong = default_profile();
  wrong.args["NodeResourcesFit"] = GpuDeviceArgs{};
  EXPECT_NE(error_of(wrong).find("arguments are of another plugin"), std::string::npos);
  Profile none;
  EXPECT_NE(error_of(none).find("queue sort"), std::string::npos);
  EXPECT_EQ(error_of(default_profile()), "");
}

TEST(Profile, PluginsRunWhereAndInTheOrderThatItSays) {
  Profile profile = default_profile();
  const auto names = [](const Profile& of) {
    PluginWorld w(of);
    std::string out;
    for (const Framework::Scorer& s : w.framework->scorers()) {
      out += std::string(w.framework->plugin(s.number).name()) + " ";
    }
    return out;
  };
  for (EnabledPlugin& p : profile.plugins) {
    if (p.name != "TaintToleration" && p.name != "ImageLocality") p.points.remove(Point::kScore);
  }
  EXPECT_EQ(names(profile), "TaintToleration ImageLocality ");
  profile.order[Point::kScore] = {"ImageLocality", "TaintToleration"};
  EXPECT_EQ(names(profile), "ImageLocality TaintToleration ");
  PluginWorld w(profile);
  w.cache.add_node(make_node("n"));
  EXPECT_NE(w.verdict(*make_pod("p", {{"cpu", "99"}})), "");
  for (EnabledPlugin& p : profile.plugins) p.points.remove(Point::kFilter);
  PluginWorld without(profile);
  without.cache.add_node(make_node("n"));
  EXPECT_EQ(without.verdict(*make_pod("p", {{"cpu", "99"}})), "");
}

TEST(NodesToFind, IsAdaptive) {
  EXPECT_EQ(nodes_to_find(0, 50), 50);
  EXPECT_EQ(nodes_to_find(0, 100), 100);
  EXPECT_EQ(nodes_to_find(0, 1000), 420);
  EXPECT_EQ(nodes_to_find(0, 5000), 500);
  EXPECT_EQ(nodes_to_find(0, 50000), 2500);
  EXPECT_EQ(nodes_to_find(100, 50000), 50000);
  EXPECT_EQ(nodes_to_find(1, 5000), 100);
}

TEST(SelectHost, BreaksTiesByTheRule) {
  SchedulerCache cache;
  for (const char* n : {"c", "a", "b"}) cache.add_node(make_node(n));
  cache.refresh_order();
  const std::vector<std::int64_t> totals{5, 9, 9};
  const std::vector<NodeSlot> nodes{cache.find_node(Symbol("a")), cache.find_node(Symbol("c")),
                                    cache.find_node(Symbol("b"))};
  RandomStream stream(1);
  EXPECT_EQ(select_host(TieBreak::kLowestName, totals, nodes, cache, stream), 2u);
  EXPECT_EQ(select_host(TieBreak::kFirstIndex, totals, nodes, cache, stream), 1u);
  int second = 0;
  for (int i = 0; i < 1000; ++i) {
    second += select_host(TieBreak::kRandom, totals, nodes, cache, stream) == 2;
  }
  EXPECT_NEAR(second, 500, 80);
}

}  // namespace
}  // namespace orrery::scheduler::test
