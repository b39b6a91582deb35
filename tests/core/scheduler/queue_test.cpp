#include "core/scheduler/queue.h"

#include <gtest/gtest.h>

#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {
namespace {

struct QueueWorld : PluginWorld {
  SchedulingQueue queue{SchedulingQueue::Options{.pop_from_backoff = false}};
  Time now{1000s};

  Ref<api::Pod> pod(const std::string& name, int priority = 0) {
    api::PodSpec spec = make_spec({{"cpu", "1"}});
    spec.priority = priority;
    return make_pod(name, api::Shared<api::PodSpec>(spec));
  }
  void add(const Ref<const api::Pod>& p) { queue.add(p, *framework, now); }
  std::string pop() {
    const auto popped = queue.pop(now);
    return popped ? popped->pod->meta.name.str() : "";
  }
  /// Pops a pod and gives it back as rejected by these plugins.
  void reject_next(std::initializer_list<const char*> plugins) {
    auto popped = queue.pop(now);
    CHECK(popped.has_value());
    popped->rejected_by = 0;
    for (const char* p : plugins) {
      popped->rejected_by |= std::uint64_t{1} << framework->find(p);
    }
    if (popped->rejected_by) {
      ++popped->unschedulable_count;
    } else {
      ++popped->error_count;
    }
    queue.add_unschedulable(std::move(*popped), now);
  }
  void node_added(const Ref<api::Node>& node) {
    ClusterEvent event;
    event.kinds = events::kNodeAdd;
    event.node = node.get();
    queue.on_event(event, now);
  }
};

TEST(SchedulingQueue, ServesHighPriorityFirstThenTheLongestWaiting) {
  QueueWorld w;
  w.add(w.pod("low"));
  w.now += 1s;
  w.add(w.pod("late", 10));
  w.add(w.pod("later", 10));
  w.add(w.pod("top", 100));
  EXPECT_EQ(w.pop(), "top");
  EXPECT_EQ(w.pop(), "late");
  EXPECT_EQ(w.pop(), "later");
  EXPECT_EQ(w.pop(), "low");
  EXPECT_EQ(w.pop(), "");
}

TEST(SchedulingQueue, HoldsGatedPodsUntilTheGateIsGone) {
  QueueWorld w;
  Ref<api::Pod> pod = w.pod("p");
  Ref<api::Pod> gated = copy_of(pod);
  gated->spec.edit().scheduling_gates = {Symbol("example.com/wait")};
  w.add(gated);
  EXPECT_EQ(w.queue.gated(), 1u);
  EXPECT_EQ(w.pop(), "");
  w.add(pod);
  EXPECT_EQ(w.pop(), "p");
}

TEST(SchedulingQueue, WaitsForAnEventThatHelps) {
  QueueWorld w;
  w.add(w.pod("p"));
  w.reject_next({"NodeResourcesFit"});
  w.now += 60s;
  EXPECT_EQ(w.pop(), "");
  w.node_added(make_node("tiny", {{"cpu", "500m"}, {"pods", "9"}}));
  EXPECT_EQ(w.pop(), "");
  w.node_added(make_node("large"));
  EXPECT_EQ(w.pop(), "p");
}

TEST(SchedulingQueue, IgnoresEventsThatTheRejectingPluginsDoNotAskFor) {
  QueueWorld w;
  w.add(w.pod("p"));
  w.reject_next({"TaintToleration"});
  w.now += 60s;
  ClusterEvent event;
  event.kinds = events::kAssignedPodDelete;
  const Ref<api::Pod> gone = w.pod("gone");
  event.old_pod = gone.get();
  w.queue.on_event(event, w.now);
  EXPECT_EQ(w.queue.unschedulable(), 1u);
}

TEST(SchedulingQueue, BacksOffLongerWithEachFailureUpToTenSeconds) {
  QueueWorld w;
  w.add(w.pod("p"));
  for (const int seconds : {1, 2, 4, 8, 10, 10}) {
    w.reject_next({"NodeResourcesFit"});
    w.node_added(make_node("large"));
    w.now += std::chrono::seconds(seconds);
    EXPECT_EQ(w.queue.backing_off(), 1u);
    EXPECT_EQ(w.queue.next_deadline(w.now), w.now + 1s) << seconds;
    EXPECT_FALSE(w.queue.has_ready(w.now)) << seconds;
    w.now += 1s;  // back-off ends are windows of one second
    EXPECT_TRUE(w.queue.has_ready(w.now)) << seconds;
  }
}

TEST(SchedulingQueue, TriesUnschedulablePodsAgainAfterFiveMinutes) {
  QueueWorld w;
  w.add(w.pod("p"));
  w.reject_next({"NodeResourcesFit"});
  w.now += 299s;
  EXPECT_EQ(w.pop(), "");
  w.now += 32s;
  EXPECT_EQ(w.pop(), "p");
}

TEST(SchedulingQueue, TakesRejectedPodsOutOfBackoffWhenIdleButNotFailedOnes) {
  QueueWorld w;
  w.queue = SchedulingQueue(SchedulingQueue::Options{});
  w.add(w.pod("p"));
  w.reject_next({});
  EXPECT_EQ(w.pop(), "");
  w.now += 2s;
  EXPECT_EQ(w.pop(), "p");
  w.add(w.pod("q"));
  w.reject_next({"NodeResourcesFit"});
  w.node_added(make_node("large"));
  EXPECT_EQ(w.queue.backing_off(), 1u);
  EXPECT_EQ(w.pop(), "q");
}

TEST(SchedulingQueue, ForgetsRemovedPods) {
  QueueWorld w;
  const auto p = w.pod("p");
  w.add(p);
  w.add(w.pod("q"));
  w.queue.remove(p->meta.uid);
  EXPECT_EQ(w.pop(), "q");
  EXPECT_EQ(w.pop(), "");
  EXPECT_EQ(w.queue.size(), 0u);
}

TEST(SchedulingQueue, MovesAllPodsOfOneClassTogether) {
  QueueWorld w;
  for (int i = 0; i < 5; ++i) w.add(w.pod("p" + std::to_string(i)));
  for (int i = 0; i < 5; ++i) {
    auto popped = w.queue.pop(w.now);
    popped->class_id = 7;
    popped->unschedulable_count = 1;
    popped->rejected_by = std::uint64_t{1} << w.framework->find("NodeResourcesFit");
    w.queue.add_unschedulable(std::move(*popped), w.now);
  }
  EXPECT_EQ(w.queue.unschedulable(), 5u);
  w.now += 10s;
  w.node_added(make_node("large"));
  EXPECT_EQ(w.queue.active(), 5u);
  EXPECT_EQ(w.pop(), "p0");
}

}  // namespace
}  // namespace orrery::scheduler::test
