// The room that preemption has promised a pod: who keeps off it, and when it is given up.
#include <gtest/gtest.h>

#include "tests/core/scheduler/api_world.h"

namespace orrery::scheduler::test {
namespace {

/// n1 (4 cpu, 1 of them free) with pod "victim"; "mid" (4 cpu) is nominated to n1.
struct Nominated : ApiWorld {
  Nominated() {
    add_node("n1", "4");
    add_pod({"victim", "3", "low", "n1"});
    add_pod({"mid", "4", "mid"});
    run_for(2s);
    EXPECT_EQ(nominated("mid"), "n1");
  }
};

TEST(NominatedPods, KeepTheirRoomFromLowerPriorities) {
  Nominated w;
  w.add_pod({"small", "1", "low"});
  w.run_for(15s);
  EXPECT_EQ(w.node_of("small"), "");
}

TEST(NominatedPods, KeepTheirRoomFromTheSamePriority) {
  Nominated w;
  w.add_pod({"small", "1", "mid"});
  w.run_for(15s);
  EXPECT_EQ(w.node_of("small"), "");
}

TEST(NominatedPods, GiveWayToHigherPriorities) {
  Nominated w;
  w.add_pod({"small", "1", "high"});
  w.run_for(2s);
  EXPECT_EQ(w.node_of("small"), "n1");
}

TEST(NominatedPods, KeepTheirRoomWhenTheyChange) {
  Nominated w;
  w.patch("v1", "Pod", "mid", PatchType::kMerge, R"({"metadata":{"annotations":{"x":"y"}}})");
  w.patch("v1", "Pod", "mid", PatchType::kMerge, R"({"metadata":{"labels":{"x":"y"}}})");
  w.run_for(15s);
  EXPECT_EQ(w.nominated("mid"), "n1");
  EXPECT_EQ(w.nominated_in_cache("mid"), Symbol("n1"));
  w.add_pod({"small", "1", "low"});
  w.run_for(5s);
  EXPECT_EQ(w.node_of("small"), "");
}

TEST(NominatedPods, FreeTheirRoomWhenTheyAreDeleted) {
  Nominated w;
  w.add_pod({"small", "1", "low"});
  w.run_for(2s);
  EXPECT_EQ(w.node_of("small"), "");
  w.finish("mid");
  w.run_for(3s);
  EXPECT_FALSE(w.scheduler.cache().has_nominations());
  EXPECT_EQ(w.node_of("small"), "n1") << w.condition("small", "PodScheduled");
}

TEST(NominatedPods, LoseTheirNominationWhenThereIsNoCandidateAnyMore) {
  Nominated w;
  w.patch("v1", "Node", "n1", PatchType::kMerge, R"({"spec":{"unschedulable":true}})");
  w.finish("victim");
  w.run_for(15s);
  EXPECT_EQ(w.nominated("mid"), "");
  EXPECT_EQ(w.nominated_in_cache("mid"), Symbol());
  EXPECT_EQ(w.node_of("mid"), "");
}

TEST(NominatedPods, LoseTheirNominationToAPodThatPreemptsForTheSameNode) {
  Nominated w;
  w.add_pod({"high", "4", "high"});
  w.run_for(5s);
  EXPECT_EQ(w.nominated("high"), "n1");
  EXPECT_EQ(w.nominated("mid"), "");
  w.patch("v1", "Pod", "mid", PatchType::kMerge, R"({"metadata":{"labels":{"x":"y"}}})");
  EXPECT_EQ(w.nominated_in_cache("mid"), Symbol());
  w.finish("victim");
  w.run_for(15s);
  EXPECT_EQ(w.node_of("high"), "n1");
  EXPECT_EQ(w.node_of("mid"), "");
}

TEST(NominatedPods, AreTriedOnTheirNodeFirst) {
  Nominated w;
  w.add_node("n0", "4");  // empty: "mid" fits there at once
  w.run_for(5s);
  EXPECT_EQ(w.node_of("mid"), "n0");
  EXPECT_FALSE(w.scheduler.cache().has_nominations());

  Nominated again;
  again.finish("victim");
  again.run_for(3s);
  EXPECT_EQ(again.node_of("mid"), "n1");
}

TEST(NominatedPods, AreKnownToASchedulerThatStartsLater) {
  ApiWorld w;
  w.add_node("n1", "4");
  w.add_pod({"victim", "3", "low", "n1"});
  w.add_pod({"mid", "4", "mid"});
  w.run_for(2s);
  sim::LocalClient other{w.env, w.server, {}, "second"};
  Informers informers{w.env, other};
  EventRecorder recorder{w.env, other, Symbol("default-scheduler")};
  Scheduler second{w.env, other, informers, recorder, {}};
  informers.start();
  w.run_for(2s);
  EXPECT_EQ(second.cache().nominated_node(w.get("v1", "Pod", "mid").object->meta.uid),
            Symbol("n1"));
}

}  // namespace
}  // namespace orrery::scheduler::test
