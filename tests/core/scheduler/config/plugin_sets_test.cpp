#include "core/scheduler/config/plugin_sets.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/scheduler/default_plugins.h"
#include "core/scheduler/plugin.h"

namespace orrery::scheduler::config {
namespace {

PluginFactory none() {
  return [](const PluginArgs&, const PluginContext&) -> Result<std::unique_ptr<Plugin>> {
    return bad_request("not made here");
  };
}

/// Every default plugin and three more.
PluginRegistry everything() {
  PluginRegistry registry;
  for (const DefaultPlugin& plugin : default_plugins()) {
    registry.emplace(std::string(plugin.name), none());
  }
  for (const char* name : {"A", "B", "C"}) registry.emplace(name, none());
  return registry;
}

std::vector<std::string> names_at(const Profile& profile, Point point) {
  if (const auto it = profile.order.find(point); it != profile.order.end()) return it->second;
  std::vector<std::string> out;
  for (const EnabledPlugin& plugin : profile.plugins) {
    if (plugin.points.has(point)) out.push_back(plugin.name);
  }
  return out;
}

Profile spread_of(const PluginSets& sets) {
  Profile profile;
  EXPECT_TRUE(spread(sets, everything(), profile).empty());
  return profile;
}

const EnabledPlugin* plugin_of(const Profile& profile, std::string_view name) {
  for (const EnabledPlugin& plugin : profile.plugins) {
    if (plugin.name == name) return &plugin;
  }
  return nullptr;
}

using Names = std::vector<std::string>;

PluginSets multi(std::vector<PluginChoice> enabled) {
  PluginSets sets;
  sets.multi_point.enabled = std::move(enabled);
  return sets;
}

TEST(PluginSets, ADefaultThatIsNamedAgainKeepsItsPlaceAndLosesItsWeight) {
  const PluginSet custom{{{"A", 4}, {"TaintToleration", {}}}, {}};
  const PluginSet merged = merge(default_sets().multi_point, custom);
  EXPECT_EQ(merged.enabled[4], (PluginChoice{"TaintToleration", {}}));
  EXPECT_EQ(merged.enabled.back(), (PluginChoice{"A", 4}));
  EXPECT_EQ(merged.enabled.size(), default_plugins().size() + 1);
}

TEST(PluginSets, DisabledDefaultsGoAndAStarTakesAll) {
  const PluginSet some = merge(default_sets().multi_point, {{}, {"NodeName"}});
  EXPECT_EQ(some.enabled.size(), default_plugins().size() - 1);
  const PluginSet all = merge(default_sets().multi_point, {{{"NodeName", {}}}, {"*"}});
  EXPECT_EQ(all.enabled, (std::vector<PluginChoice>{{"NodeName", {}}}));
  const PluginSet both = merge(default_sets().multi_point, {{{"NodeName", {}}}, {"NodeName"}});
  EXPECT_EQ(both.enabled.back(), (PluginChoice{"NodeName", {}})) << "enabled wins, at the end";
}

TEST(PluginSets, APointsOwnPluginsComeFirstIfMultiPointHasThemAndLastIfNot) {
  PluginSets sets = multi({{"A", 1}, {"B", 2}});
  sets.at(Point::kScore).enabled = {{"C", 7}, {"B", 9}};
  const Profile profile = spread_of(sets);
  EXPECT_EQ(names_at(profile, Point::kScore), (Names{"B", "A", "C"}));
  EXPECT_EQ(names_at(profile, Point::kFilter), (Names{"A", "B"}));
  EXPECT_EQ(plugin_of(profile, "B")->weight, 9);
  EXPECT_EQ(plugin_of(profile, "C")->weight, 7);
  EXPECT_FALSE(plugin_of(profile, "C")->points.has(Point::kFilter));
}

TEST(PluginSets, AScoreEntryWithoutWeightCountsOnceEvenIfMultiPointHasAWeight) {
  PluginSets sets = multi({{"A", 5}});
  sets.at(Point::kScore).enabled = {{"A", {}}};
  EXPECT_EQ(plugin_of(spread_of(sets), "A")->weight, 1);
}

TEST(PluginSets, DisablingAtOnePointLeavesTheOthers) {
  PluginSets sets = multi({{"A", 1}, {"B", 1}});
  sets.at(Point::kScore).disabled = {"A"};
  sets.at(Point::kFilter).disabled = {"*"};
  sets.at(Point::kFilter).enabled = {{"C", {}}};
  const Profile profile = spread_of(sets);
  EXPECT_EQ(names_at(profile, Point::kScore), (Names{"B"}));
  EXPECT_EQ(names_at(profile, Point::kFilter), (Names{"C"}));
  EXPECT_EQ(names_at(profile, Point::kReserve), (Names{"A", "B"}));
}

TEST(PluginSets, DisabledAndEnabledAtAPointIsEnabledAfterMultiPoint) {
  PluginSets sets = multi({{"A", 1}, {"B", 1}});
  sets.at(Point::kScore).disabled = {"A"};
  sets.at(Point::kScore).enabled = {{"A", 3}};
  EXPECT_EQ(names_at(spread_of(sets), Point::kScore), (Names{"B", "A"}));
}

TEST(PluginSets, PluginsThatAreNotBuiltAreLeftOutAndNamed) {
  PluginRegistry registry = everything();
  registry.erase("VolumeZone");
  Profile profile;
  EXPECT_EQ(spread(default_sets(), registry, profile), (Names{"VolumeZone"}));
  EXPECT_EQ(profile.plugins.size(), default_plugins().size() - 1);
  EXPECT_TRUE(profile.order.empty());
}

TEST(PluginSets, SaysWhatIsWrongInUpstreamsWords) {
  PluginSets sets = multi({{"A", 1}, {"Bogus", 1}, {"A", 2}});
  sets.at(Point::kScore).enabled = {{"NodeName", 1}, {"B", 1}, {"B", 1}, {"", 1}};
  api::FieldErrors errors;
  check_sets(errors, sets, everything(), api::Path("plugins"));
  Names texts;
  for (const api::FieldError& error : errors.list()) texts.push_back(error.text());
  EXPECT_EQ(texts,
            (Names{"plugins.multiPoint.enabled[1].name: Invalid value: \"Bogus\": Plugin \"Bogus\" "
                   "does not exist",
                   "plugins.multiPoint.enabled[2].name: Invalid value: \"A\": plugin \"A\" already "
                   "registered as \"Plugin\"",
                   "plugins.score.enabled[0].name: Invalid value: \"NodeName\": plugin "
                   "\"NodeName\" does not extend ScorePlugin plugin",
                   "plugins.score.enabled[2].name: Invalid value: \"B\": plugin \"B\" already "
                   "registered as \"ScorePlugin\"",
                   "plugins.score.enabled[3].name: Required value"}));
}

}  // namespace
}  // namespace orrery::scheduler::config
