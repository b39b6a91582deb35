#include "core/scheduler/scheduler.h"

#include <gtest/gtest.h>

#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/builders.h"
#include "tests/core/scheduler/echo_client.h"

namespace orrery::scheduler::test {
namespace {

struct SchedulerWorld {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  EchoClient client{env};
  Informers informers{env, client};
  EventRecorder recorder{env, client, Symbol("default-scheduler")};
  Scheduler scheduler;

  explicit SchedulerWorld(SchedulerConfig config = {})
      : scheduler(env, client, informers, recorder, std::move(config)) {
    CHECK(scheduler.start().ok());
    informers.start();
  }
  void run_for(Duration d) { loop.run(loop.now() + d); }
  std::string node_of(const std::string& pod) { return client.pod(pod)->node_name.str(); }
};

TEST(Scheduler, BindsPendingPodsOfItsProfile) {
  SchedulerWorld w;
  w.client.put(make_node("a"));
  w.client.put(make_pod("p", {{"cpu", "1"}}));
  Ref<api::Pod> other = make_pod("other", {{"cpu", "1"}});
  other->spec.edit().scheduler_name = Symbol("somebody-else");
  w.client.put(other);
  w.run_for(1s);
  EXPECT_EQ(w.node_of("p"), "a");
  EXPECT_EQ(w.node_of("other"), "");
  EXPECT_EQ(w.scheduler.queue().size(), 0u);
  EXPECT_FALSE(w.scheduler.cache().is_assumed(w.client.pod("p")->meta.uid));
}

TEST(Scheduler, WritesWhyAPodFitsNowhere) {
  SchedulerWorld w;
  w.client.put(make_node("a"));
  Ref<api::Node> b = make_node("b");
  add_taint(b, "x", "NoSchedule");
  w.client.put(b);
  w.client.put(make_pod("p", {{"cpu", "5"}}));
  w.run_for(1s);
  const api::PodCondition* c = api::find_condition(w.client.pod("p")->status, "PodScheduled");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->status, Symbol("False"));
  EXPECT_EQ(c->reason, Symbol("Unschedulable"));
  EXPECT_EQ(c->message.str(),
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no "
            "new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not "
            "helpful for scheduling.");
  EXPECT_EQ(w.client.status_updates, 1u);
}

TEST(Scheduler, WritesItsNominationAndBindsThePreemptorThereWhenTheVictimIsGone) {
  SchedulerWorld w;
  for (const char* n : {"a", "b"}) {
    w.client.put(make_node(n, {{"cpu", "1"}, {"memory", "1Gi"}, {"pods", "9"}}));
  }
  const auto with_priority = [](const std::string& name, std::int32_t priority) {
    Ref<api::Pod> pod = make_pod(name, {{"cpu", "1"}});
    pod->spec.edit().priority = priority;
    return pod;
  };
  w.client.put(on_node(with_priority("less", 1), "b")->clone());
  w.client.put(on_node(with_priority("more", 2), "a")->clone());
  w.client.put(with_priority("p", 3));
  w.run_for(1s);
  EXPECT_EQ(w.client.pod("p")->status.nominated_node_name, Symbol("b"));
  EXPECT_EQ(w.scheduler.cache().nominated_node(w.client.pod("p")->meta.uid), Symbol("b"));
  w.client.remove(*w.client.pod("less"));
  w.run_for(3s);
  EXPECT_EQ(w.node_of("p"), "b");
  EXPECT_FALSE(w.scheduler.cache().has_nominations());
}

TEST(Scheduler, TriesAgainWhenANodeComes) {
  SchedulerWorld w;
  w.client.put(make_node("small", {{"cpu", "500m"}, {"memory", "8Gi"}, {"pods", "9"}}));
  w.client.put(make_pod("p", {{"cpu", "1"}}));
  w.run_for(5s);
  EXPECT_EQ(w.node_of("p"), "");
  w.client.put(make_node("a"));
  w.run_for(100ms);
  EXPECT_EQ(w.node_of("p"), "a");
}

TEST(Scheduler, KeepsTryingWithBackoffWhileThereIsNoNodeAtAll) {
  SchedulerWorld w;
  w.client.put(make_pod("p", {{"cpu", "1"}}));
  w.run_for(5s);
  EXPECT_EQ(api::find_condition(w.client.pod("p")->status, "PodScheduled")->message.str(),
            "no nodes available to schedule pods");
  w.client.put(make_node("a"));
  w.run_for(12s);
  EXPECT_EQ(w.node_of("p"), "a");
}

TEST(Scheduler, TriesAgainWhenAPodGoes) {
  SchedulerWorld w;
  w.client.put(make_node("a", {{"cpu", "1"}, {"memory", "1Gi"}, {"pods", "9"}}));
  w.client.put(make_pod("first", {{"cpu", "1"}}));
  w.run_for(1s);
  w.client.put(make_pod("second", {{"cpu", "1"}}));
  w.run_for(10s);
  EXPECT_EQ(w.node_of("second"), "");
  w.client.remove(*w.client.pod("first"));
  w.run_for(3s);
  EXPECT_EQ(w.node_of("second"), "a");
}

TEST(Scheduler, GivesBackTheRoomOfAPodWhoseBindingFails) {
  SchedulerWorld w;
  w.client.put(make_node("a", {{"cpu", "1"}, {"memory", "1Gi"}, {"pods", "9"}}));
  int failures = 2;
  w.client.on_bind = [&](const api::Pod&) {
    return failures-- > 0 ? internal_error("no luck") : Status();
  };
  w.client.put(make_pod("p", {{"cpu", "1"}}));
  w.run_for(500ms);
  EXPECT_EQ(w.node_of("p"), "");
  EXPECT_EQ(w.scheduler.queue().backing_off(), 1u);
  w.run_for(20s);
  EXPECT_EQ(w.node_of("p"), "a");
}

TEST(Scheduler, NeverOvercommitsANodeInABatch) {
  SchedulerWorld w;
  for (const char* n : {"a", "b"}) w.client.put(make_node(n));
  for (int i = 0; i < 20; ++i) w.client.put(make_pod("p" + std::to_string(i), {{"cpu", "1"}}));
  w.run_for(1s);
  EXPECT_EQ(w.client.bindings, 8u);
  EXPECT_EQ(w.scheduler.queue().unschedulable(), 12u);
}

TEST(Scheduler, SpendsVirtualTimeIfAttemptsTakeAny) {
  SchedulerConfig config;
  config.attempt_duration = 10ms;
  SchedulerWorld w(config);
  w.client.put(make_node("a", {{"cpu", "1000"}, {"memory", "8Gi"}, {"pods", "1000"}}));
  for (int i = 0; i < 50; ++i) w.client.put(make_pod("p" + std::to_string(i), {{"cpu", "1"}}));
  w.run_for(201ms);
  EXPECT_GE(w.client.bindings, 20u);
  EXPECT_LE(w.client.bindings, 22u);
}

TEST(Scheduler, RecordsTheGpuDevicesOfAPod) {
  SchedulerWorld w;
  w.client.put(
      make_node("g", {{"cpu", "8"}, {"memory", "8Gi"}, {"pods", "9"}, {"nvidia.com/gpu", "2"}}));
  w.client.put(make_pod("p", {{"orrery.dev/gpu-milli", "700"}}));
  w.client.put(make_pod("q", {{"orrery.dev/gpu-milli", "700"}}));
  w.client.put(make_pod("r", {{"orrery.dev/gpu-milli", "300"}}));
  w.run_for(1s);
  const auto devices = [&](const char* name) {
    const Text* text = api::find(w.client.pod(name)->meta.annotations, "orrery.dev/gpu-devices");
    return text ? text->str() : "none";
  };
  EXPECT_EQ(devices("p"), "0");
  EXPECT_EQ(devices("q"), "1");
  EXPECT_EQ(devices("r"), "0");
  EXPECT_EQ(w.node_of("r"), "g");
}

TEST(Scheduler, ForgetsPodsThatAreOver) {
  SchedulerWorld w;
  w.client.put(make_node("a", {{"cpu", "1"}, {"memory", "1Gi"}, {"pods", "9"}}));
  w.client.put(make_pod("job", {{"cpu", "1"}}));
  w.run_for(1s);
  Ref<api::Pod> done = copy_of(w.client.pod("job"));
  done->status.phase = Symbol("Succeeded");
  w.client.put(done);
  w.client.put(make_pod("next", {{"cpu", "1"}}));
  w.run_for(3s);
  EXPECT_EQ(w.node_of("next"), "a");
}

TEST(Scheduler, ExplainsADecision) {
  SchedulerWorld w;
  w.client.put(make_node("a"));
  w.client.put(make_node("b", {{"cpu", "1"}, {"memory", "8Gi"}, {"pods", "9"}}));
  w.run_for(1s);
  const auto e = w.scheduler.explain_pod(make_pod("p", {{"cpu", "2"}}));
  ASSERT_TRUE(e.ok());
  ASSERT_EQ(e->feasible.size(), 1u);
  EXPECT_EQ(e->nodes[e->feasible[0]].name, Symbol("a"));
  EXPECT_EQ(e->chosen, e->feasible[0]);
}

TEST(Scheduler, RefusesProfilesThatAreWrong) {
  SchedulerWorld w;
  SchedulerConfig config;
  config.profiles[0].plugins.push_back({"Bogus"});
  Informers informers(w.env, w.client);
  Scheduler bad(w.env, w.client, informers, w.recorder, std::move(config));
  EXPECT_FALSE(bad.start().ok());
}

}  // namespace
}  // namespace orrery::scheduler::test
