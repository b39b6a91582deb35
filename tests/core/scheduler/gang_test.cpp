// Pod groups are bound together or not at all, with the PodGroup of scheduling.k8s.io and with that
// of the coscheduling plugin.
#include <gtest/gtest.h>

#include "tests/core/scheduler/gang_world.h"

namespace orrery::scheduler::test {
namespace {

class Gang : public testing::TestWithParam<Flavour> {};

TEST_P(Gang, IsHeldBackUntilItsGroupExists) {
  GangWorld w(GetParam());
  w.add_node("n1", "8");
  w.add_members("g", 2);
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 0);
  EXPECT_EQ(w.scheduler.queue().gated(), 2u);
  w.add_group("g", 2);
  w.run_for(3s);
  EXPECT_EQ(w.bound("g"), 2);
}

TEST_P(Gang, IsHeldBackUntilEnoughPodsExist) {
  GangWorld w(GetParam());
  w.add_node("n1", "8");
  w.add_group("g", 3);
  w.add_members("g", 2);
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 0);
  EXPECT_EQ(w.scheduler.queue().gated(), 2u);
  w.add_member("g", "g2");
  w.run_for(3s);
  EXPECT_EQ(w.bound("g"), 3);
  EXPECT_EQ(w.scheduler.queue().size(), 0u);
}

TEST_P(Gang, OfWhichOnlySomeFitFreesTheRoomForOthers) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_group("g", 4);
  w.add_members("g", 4);
  w.add_pod({"single", "3"});
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 0);
  EXPECT_EQ(w.node_of("single"), "n1");
  w.finish("single");
  w.add_node("n2", "1");
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 4);
}

TEST_P(Gang, DoesNotDeadlockWithAnotherThatFitsOnlyAlone) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_node("n2", "3");
  for (int i = 0; i < 4; ++i) {
    w.add_member("a", "a" + std::to_string(i));
    w.add_member("b", "b" + std::to_string(i));
  }
  w.add_group("a", 4);
  w.add_group("b", 4);
  w.run_for(60s);
  const int a = w.bound("a"), b = w.bound("b");
  EXPECT_EQ(std::max(a, b), 4);
  EXPECT_EQ(std::min(a, b), 0);
  w.finish_all(a == 4 ? "a" : "b");
  w.run_for(60s);
  EXPECT_EQ(w.bound(a == 4 ? "b" : "a"), 4);
}

TEST_P(Gang, TakesTurnsWhenBothBecomeCompleteAtOnce) {
  GangWorld w(GetParam());
  w.add_group("a", 4);
  w.add_group("b", 4);
  for (int i = 0; i < 4; ++i) {  // all wait for a node
    w.add_member("a", "a" + std::to_string(i));
    w.add_member("b", "b" + std::to_string(i));
  }
  w.run_for(30s);
  w.add_node("n1", "5");
  w.run_for(30s);
  EXPECT_EQ(std::max(w.bound("a"), w.bound("b")), 4);
  EXPECT_EQ(std::min(w.bound("a"), w.bound("b")), 0);
}

TEST_P(Gang, FreesItsRoomAfterFiveMinutesOfWaiting) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_group("g", 3);
  w.add_members("g", 2);
  w.add_member("g", "g2", R"(,"schedulingGates":[{"name":"later"}])");
  w.run_for(10s);
  w.add_pod({"single", "3"});
  w.run_for(4min);
  EXPECT_EQ(w.node_of("single"), "");
  EXPECT_EQ(w.bound("g"), 0);
  w.run_for(2min);
  EXPECT_EQ(w.node_of("single"), "n1");
  EXPECT_EQ(w.bound("g"), 0);
  w.finish("single");
  w.patch("v1", "Pod", "g2", PatchType::kMerge, R"({"spec":{"schedulingGates":[]}})");
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 3);
}

TEST_P(Gang, FreesTheRoomOfAPodThatIsDeletedWhileItWaits) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_group("g", 3);
  w.add_members("g", 2);
  w.add_member("g", "g2", R"(,"schedulingGates":[{"name":"later"}])");
  w.run_for(10s);
  w.add_pod({"single", "2"});
  w.run_for(10s);
  EXPECT_EQ(w.node_of("single"), "");
  w.finish("g0");
  w.run_for(10s);
  EXPECT_EQ(w.node_of("single"), "n1");
  EXPECT_EQ(w.bound("g"), 0);
}

TEST_P(Gang, WithMorePodsThanTheMinimumBindsThoseThatFit) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_group("g", 2);
  w.add_members("g", 5);
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 3);
  w.add_node("n2", "8");
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 5);
}

TEST_P(Gang, IsNotHeldUpByOneTooLargePodBeyondTheMinimum) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_member("g", "g-large", "", "9");
  w.add_members("g", 3);
  w.add_group("g", 3);
  w.run_for(30s);
  EXPECT_EQ(w.bound("g"), 3);
}

TEST_P(Gang, GoesOnWhenItsMinimumIsLowered) {
  GangWorld w(GetParam());
  w.add_node("n1", "3");
  w.add_group("g", 3);
  w.add_members("g", 2);
  w.add_member("g", "g2", R"(,"schedulingGates":[{"name":"later"}])");
  w.run_for(10s);
  EXPECT_EQ(w.bound("g"), 0);
  const bool core = GetParam() == Flavour::kCore;
  w.patch(core ? "scheduling.k8s.io/v1alpha2" : "scheduling.x-k8s.io/v1alpha1", "PodGroup", "g",
          PatchType::kMerge,
          core ? R"({"spec":{"schedulingPolicy":{"gang":{"minCount":2}}}})"
               : R"({"spec":{"minMember":2}})");
  w.run_for(10s);
  EXPECT_EQ(w.bound("g"), 2);
}

INSTANTIATE_TEST_SUITE_P(Flavours, Gang,
                         testing::Values(Flavour::kCore, Flavour::kCoscheduling),
                         [](const auto& flavour) {
                           return flavour.param == Flavour::kCore ? "Core" : "Coscheduling";
                         });

TEST(GangOfBasicPolicy, SchedulesItsPodsSingly) {
  GangWorld w(Flavour::kCore);
  w.add_node("n1", "2");
  w.must_create(R"({"apiVersion":"scheduling.k8s.io/v1alpha2","kind":"PodGroup",
      "metadata":{"name":"g"},"spec":{"schedulingPolicy":{"basic":{}}}})");
  w.add_members("g", 3);
  w.run_for(10s);
  EXPECT_EQ(w.bound("g"), 2);
}

TEST(GangsAccount, MovesAPodWhoseLabelNamesAnotherGroup) {
  ClusterObjects objects;
  Gangs gangs(objects);
  const auto labelled = [](const char* group) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol("default");
    pod->meta.uid = Uid::parse("u");
    pod->meta.labels = api::Labels({{Symbol("scheduling.x-k8s.io/pod-group"), Symbol(group)}});
    return pod;
  };
  const auto first = labelled("a"), second = labelled("b");
  gangs.on_pod(nullptr, first.get());
  gangs.on_pod(first.get(), second.get());
  EXPECT_EQ(gangs.created({Symbol("default"), Symbol("a")}), 0);
  EXPECT_EQ(gangs.created({Symbol("default"), Symbol("b")}), 1);
  gangs.on_pod(second.get(), nullptr);
  EXPECT_EQ(gangs.created({Symbol("default"), Symbol("b")}), 0);
}

}  // namespace
}  // namespace orrery::scheduler::test
