// Preemption from end to end: which pods go, how they are told, and the room that waits for the pod
// they went for.
#include <gtest/gtest.h>

#include "core/scheduler/plugin.h"
#include "tests/core/scheduler/api_world.h"

namespace orrery::scheduler::test {
namespace {

using Strings = std::vector<std::string>;

/// n1 (2 cpu) with two pods of priority 10, n2 (2 cpu) with one of priority 100.
void fill_two_nodes(ApiWorld& w) {
  w.add_node("n1", "2");
  w.add_node("n2", "2");
  w.add_pod({"a", "1", "low", "n1"});
  w.add_pod({"b", "1", "low", "n1"});
  w.add_pod({"c", "2", "mid", "n2"});
}

TEST(Preemption, TakesTheNodeWhoseVictimsMatterLeast) {
  ApiWorld w;
  fill_two_nodes(w);
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  EXPECT_TRUE(w.is_dying("a"));
  EXPECT_TRUE(w.is_dying("b"));
  EXPECT_FALSE(w.is_dying("c"));
  EXPECT_EQ(w.nominated("p"), "n1");
  EXPECT_EQ(w.nominated_in_cache("p"), Symbol("n1"));
  EXPECT_EQ(w.node_of("p"), "");
}

TEST(Preemption, SparesPodsThatMayStay) {
  ApiWorld w;
  w.add_node("n1", "4");
  w.add_pod({"small", "1", "low", "n1"});
  w.add_pod({"large", "3", "low", "n1"});
  w.add_pod({"p", "3", "high"});
  w.run_for(2s);
  EXPECT_TRUE(w.is_dying("large"));
  EXPECT_FALSE(w.is_dying("small"));
}

TEST(Preemption, LeavesPodsOfTheSamePriorityAlone) {
  ApiWorld w;
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "high", "n1"});
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  EXPECT_FALSE(w.is_dying("a"));
  EXPECT_EQ(w.condition("p", "PodScheduled"),
            "Unschedulable: 0/1 nodes are available: 1 Insufficient cpu. no new claims to "
            "deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for "
            "incoming pod.");
}

TEST(Preemption, MarksTheVictimThenDeletesItAndSaysSo) {
  ApiWorld w;
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "n1"});
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  EXPECT_EQ(w.condition("a", "DisruptionTarget"),
            "PreemptionByScheduler: default-scheduler: preempting to accommodate a higher priority "
            "pod");
  EXPECT_TRUE(w.is_dying("a"));
  const auto first = std::find(w.own.calls.begin(), w.own.calls.end(), "update a/status");
  ASSERT_NE(first, w.own.calls.end());
  EXPECT_NE(std::find(first, w.own.calls.end(), "delete a"), w.own.calls.end());
  EXPECT_EQ(std::count(w.own.calls.begin(), w.own.calls.end(), "delete a"), 1);
  const std::string uid = w.pod("p")["metadata"]["uid"];
  EXPECT_EQ(w.events("Preempted"), Strings{"a: Preempted by pod " + uid + " on node n1"});
}

TEST(Preemption, MarksAVictimThatChangedMeanwhile) {
  ApiWorld w({}, {{200ms, 200ms}, {200ms, 200ms}});
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "n1"});
  w.run_for(5s);
  Request change = w.about(Verb::kPatch, "v1", "Pod", "a");
  change.patch_type = PatchType::kMerge;
  change.document = api::RawRef(ApiWorld::json::parse(R"({"metadata":{"annotations":{"x":"y"}}})"));
  w.loop.after(100ms, [&w, change] { w.client.call(change, {}); });  // on its way to the scheduler
  w.add_pod({"p", "2", "high"});
  w.run_for(20s);
  EXPECT_NE(w.condition("a", "DisruptionTarget"), "");
  EXPECT_TRUE(w.is_dying("a"));
}

TEST(Preemption, BindsThePreemptorToItsNodeWhenTheVictimsAreGone) {
  ApiWorld w;
  fill_two_nodes(w);
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  w.finish("a");
  w.run_for(5s);
  EXPECT_EQ(w.node_of("p"), "");
  EXPECT_EQ(w.nominated("p"), "n1");
  w.finish("b");
  w.run_for(5s);
  EXPECT_EQ(w.node_of("p"), "n1");
  EXPECT_FALSE(w.scheduler.cache().has_nominations());
}

TEST(Preemption, DoesNotHappenAgainWhileItsVictimsTerminate) {
  ApiWorld w;
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "n1"});
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  w.add_pod({"b", "2", "low", "n2"});
  w.add_node("n2", "2");
  w.run_for(15s);
  EXPECT_FALSE(w.is_dying("b"));
  EXPECT_EQ(w.nominated("p"), "n1");
  EXPECT_EQ(w.condition("p", "PodScheduled"),
            "Unschedulable: 0/2 nodes are available: 2 Insufficient cpu. no new claims to "
            "deallocate, preemption: not eligible due to a terminating pod on the nominated node.");
}

TEST(Preemption, DoesNotHappenAgainWhileItsDeletionsAreOnTheirWay) {
  ApiWorld w({}, {{2s, 2s}, {2s, 2s}});
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "mid", "n1"});
  w.run_for(10s);
  w.add_pod({"p", "2", "high"});       // seen after 2 s; its victim dies 2 s later
  w.add_pod({"b", "2", "low", "n2"});  // would be the better victim
  w.add_node("n2", "2");
  w.run_for(30s);
  EXPECT_TRUE(w.is_dying("a"));
  EXPECT_FALSE(w.is_dying("b"));
  EXPECT_EQ(std::count(w.own.calls.begin(), w.own.calls.end(), "delete a"), 1);
}

TEST(Preemption, HappensAgainIfTheNominatedNodeCannotHelpAnyMore) {
  ApiWorld w;
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "n1"});
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  w.patch("v1", "Node", "n1", PatchType::kMerge, R"({"spec":{"unschedulable":true}})");
  w.add_pod({"b", "2", "low", "n2"});
  w.add_node("n2", "2");
  w.run_for(15s);
  EXPECT_TRUE(w.is_dying("b"));
  EXPECT_EQ(w.nominated("p"), "n2");
}

TEST(Preemption, IsNotForPodsWithThePolicyNever) {
  ApiWorld w;
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "n1"});
  w.add_pod({"p", "2", "polite"});
  w.run_for(2s);
  EXPECT_FALSE(w.is_dying("a"));
  EXPECT_NE(w.condition("p", "PodScheduled")
                .find("preemption: not eligible due to preemptionPolicy=Never."),
            std::string::npos);
}

void add_budget(ApiWorld& w) {
  w.must_create(R"({"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b"},
      "spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"guarded"}}}})");
}

TEST(Preemption, RespectsDisruptionBudgets) {
  ApiWorld w;
  w.add_node("n1", "2");
  w.add_node("n2", "2");
  add_budget(w);
  w.add_pod({"guarded", "2", "low", "n1", R"({"app":"guarded"})"});
  w.add_pod({"free", "2", "mid", "n2"});
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  EXPECT_TRUE(w.is_dying("free"));
  EXPECT_FALSE(w.is_dying("guarded"));
}

TEST(Preemption, ViolatesADisruptionBudgetIfNothingElseHelps) {
  ApiWorld w;
  w.add_node("n1", "2");
  add_budget(w);
  w.add_pod({"guarded", "2", "low", "n1", R"({"app":"guarded"})"});
  w.add_pod({"p", "2", "high"});
  w.run_for(2s);
  EXPECT_TRUE(w.is_dying("guarded"));
}

/// Holds pods with the label "held".
class HoldsSome final : public Plugin, public PermitPlugin {
 public:
  std::string_view name() const override { return "HoldsSome"; }
  bool sign(const api::Pod&, Signature&) override { return true; }
  Verdict permit(CycleState&, const api::Pod& pod, Symbol, Duration& timeout) override {
    if (pod.meta.labels.get(Symbol("held")).empty()) return {};
    timeout = 10min;
    return {Code::kWait, {}};
  }
};

SchedulerConfig holding_some() {
  SchedulerConfig config;
  config.registry["HoldsSome"] = [](const PluginArgs&, const PluginContext&) {
    return Result<std::unique_ptr<Plugin>>(std::make_unique<HoldsSome>());
  };
  config.profiles[0].plugins.push_back({"HoldsSome"});
  return config;
}

TEST(Preemption, TurnsAwayAVictimThatWaitsInPermit) {
  ApiWorld w(holding_some());
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "", R"({"held":"yes"})"});
  w.run_for(1s);
  EXPECT_EQ(w.scheduler.cache().node_of(w.get("v1", "Pod", "a").object->meta.uid), Symbol("n1"));
  w.add_pod({"p", "2", "high"});
  w.run_for(3s);
  EXPECT_EQ(w.node_of("p"), "n1");
  EXPECT_FALSE(w.is_dying("a"));
  EXPECT_EQ(w.node_of("a"), "");
  EXPECT_EQ(w.events("Preempted").size(), 1u);
}

TEST(Preemption, DeletesWaitingPodsForNobody) {
  ApiWorld w(holding_some());
  w.add_node("n1", "2");
  w.add_pod({"a", "2", "low", "", R"({"held":"yes"})"});
  w.add_pod({"b", "2", "low"});
  w.run_for(1s);
  EXPECT_EQ(w.node_of("b"), "");
  w.finish("a");
  w.run_for(3s);
  EXPECT_EQ(w.node_of("b"), "n1");  // the room of a deleted pod that waited is free at once
}

}  // namespace
}  // namespace orrery::scheduler::test
