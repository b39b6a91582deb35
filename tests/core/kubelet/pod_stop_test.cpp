#include <gtest/gtest.h>

#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::kubelet {
namespace {

sim::ContainerModelConfig stubborn() {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.ignores_term = true;
  model.behaviours.push_back(b);
  return model;
}

// How long the pod's object lived after DELETE.
Duration time_to_go(KubeletWorld& w, const std::string& name, Duration limit = 100s) {
  const Duration from = w.now();
  while (w.get(name) && w.now() - from < limit) w.run(100ms);
  return w.now() - from;
}

TEST(PodStop, TermsThenWritesTheLastStatusThenDeletes) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  w.remove("p", 30);
  EXPECT_LE(time_to_go(w, "p"), 300ms);
  const api::PodStatus& last = w.api.pod_history.back()->status;
  EXPECT_EQ(last.container_statuses[0].state.reason, "Completed");
  EXPECT_EQ(last.phase, "Succeeded");
  EXPECT_EQ(find_condition(last, "Ready")->status, "False");
  EXPECT_TRUE(w.has_event("Killing: Stopping container c"));
  w.run(1s);
  EXPECT_EQ(w.kubelet.pod_count(), 0u);
  EXPECT_EQ(w.model.containers_running(), 0u);
}

TEST(PodStop, KillsWhatIgnoresTermAfterTheGracePeriod) {
  KubeletWorld w(stubborn());
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  w.remove("p", 30);
  const Duration took = time_to_go(w, "p");
  EXPECT_GE(took, 30s);
  EXPECT_LE(took, 31s);
  EXPECT_EQ(w.api.pod_history.back()->status.container_statuses[0].state.exit_code, 137);
  EXPECT_EQ(w.api.pod_history.back()->status.phase, "Failed");
}

TEST(PodStop, ASecondDeleteShortensTheGracePeriod) {
  KubeletWorld w(stubborn());
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  w.remove("p", 60);
  w.run(10s);
  ASSERT_NE(w.get("p"), nullptr);
  w.remove("p", 5);
  EXPECT_LE(time_to_go(w, "p"), 6s);
}

TEST(PodStop, RunsPreStopInsideTheGracePeriod) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  api::Lifecycle lifecycle;
  api::LifecycleHandler hook;
  hook.exec = api::ExecAction{{Text("sh"), Text("-c"), Text("sleep 10")}, {}};
  lifecycle.pre_stop = hook;
  pod->spec.edit().containers.edit()[0].lifecycle = lifecycle;
  w.add(std::move(pod));
  w.run(5s);
  w.remove("p", 30);
  const Duration took = time_to_go(w, "p");
  EXPECT_GE(took, 10s);
  EXPECT_LE(took, 11s);
}

TEST(PodStop, GivesTwoSecondsAfterAPreStopThatOverruns) {
  KubeletWorld w(stubborn());
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  api::Lifecycle lifecycle;
  api::LifecycleHandler hook;
  hook.exec = api::ExecAction{{Text("sleep"), Text("60")}, {}};
  lifecycle.pre_stop = hook;
  pod->spec.edit().containers.edit()[0].lifecycle = lifecycle;
  w.add(std::move(pod));
  w.run(5s);
  w.remove("p", 10);
  const Duration took = time_to_go(w, "p");
  EXPECT_GE(took, 12s);
  EXPECT_LE(took, 13s);
  EXPECT_TRUE(w.has_event("FailedPreStopHook: PreStopHook failed"));
}

TEST(PodStop, SleepActionDelaysTerm) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  api::Lifecycle lifecycle;
  api::LifecycleHandler hook;
  hook.sleep = api::SleepAction{7, {}};
  lifecycle.pre_stop = hook;
  pod->spec.edit().containers.edit()[0].lifecycle = lifecycle;
  w.add(std::move(pod));
  w.run(5s);
  w.remove("p", 30);
  const Duration took = time_to_go(w, "p");
  EXPECT_GE(took, 7s);
  EXPECT_LE(took, 8s);
}

TEST(PodStop, AFailedPostStartHookRestartsTheContainer) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.hook_fails = true;
  model.behaviours.push_back(b);
  KubeletWorld w(model);
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  api::Lifecycle lifecycle;
  api::LifecycleHandler hook;
  hook.exec = api::ExecAction{{Text("/setup")}, {}};
  lifecycle.post_start = hook;
  pod->spec.edit().containers.edit()[0].lifecycle = lifecycle;
  w.add(std::move(pod));
  w.run(3s);
  EXPECT_TRUE(w.has_event("FailedPostStartHook: PostStartHook failed"));
  EXPECT_GE(w.c("p").restart_count, 1);
}

TEST(PodStop, DeletesAPodThatIsStillStarting) {
  for (const Duration when : {20ms, 101ms, 150ms, 205ms, 700ms, 1150ms, 1250ms}) {
    KubeletWorld w;
    Ref<api::Pod> pod = KubeletWorld::pod("p");
    pod->spec.edit().containers.edit()[0].image = Symbol("other:2");
    w.add(std::move(pod));
    w.run(when);
    w.remove("p", 30);
    w.run(3s);
    EXPECT_EQ(w.get("p"), nullptr) << when.count();
    EXPECT_EQ(w.kubelet.pod_count(), 0u);
    EXPECT_EQ(w.model.containers_running(), 0u);
  }
}

TEST(PodStop, StopsWhatRunsForAPodThatVanished) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  w.api.erase(*w.get("p"));
  w.run(5s);
  EXPECT_EQ(w.model.containers_running(), 0u);
  EXPECT_EQ(w.kubelet.pod_count(), 0u);
}

TEST(PodStop, GivesResourcesBack) {
  KubeletWorld w(steady_times(), {}, small_node(1));
  w.add(KubeletWorld::pod("a"));
  w.run(5s);
  w.add(KubeletWorld::pod("b"));
  w.run(5s);
  EXPECT_EQ(w.phase("b"), "Failed");
  EXPECT_EQ(w.get("b")->status.reason, "OutOfpods");
  EXPECT_EQ(w.get("b")->status.message,
            "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 1, "
            "capacity: 1");
  w.remove("a", 30);
  w.run(5s);
  w.add(KubeletWorld::pod("c"));
  w.run(5s);
  EXPECT_EQ(w.phase("c"), "Running");
  w.remove("b", 30);  // never ran here: goes at once
  w.run(1s);
  EXPECT_EQ(w.get("b"), nullptr);
}

TEST(PodStop, RejectsWhatTheNodeCannotHold) {
  KubeletWorld w;
  Ref<api::Pod> big = KubeletWorld::pod("big");
  big->spec.edit().containers.edit()[0].resources.requests.set(Symbol("cpu"),
                                                               api::Quantity::from_value(500));
  w.add(std::move(big));
  Ref<api::Pod> elsewhere = KubeletWorld::pod("elsewhere");
  elsewhere->spec.edit().node_selector =
      api::LabelSet(api::Labels({{Symbol("disk"), Symbol("hdd")}}));
  w.add(std::move(elsewhere));
  Ref<api::Pod> fits = KubeletWorld::pod("fits");
  fits->spec.edit().node_selector = api::LabelSet(api::Labels({{Symbol("disk"), Symbol("ssd")}}));
  w.add(std::move(fits));
  w.run(5s);
  EXPECT_EQ(w.get("big")->status.reason, "OutOfcpu");
  EXPECT_EQ(w.get("big")->status.message,
            "Pod was rejected: Node didn't have enough resource: cpu, requested: 500000, used: 0, "
            "capacity: 4000");
  EXPECT_EQ(w.get("elsewhere")->status.reason, "NodeAffinity");
  EXPECT_EQ(w.phase("fits"), "Running");
}

}  // namespace
}  // namespace orrery::kubelet
