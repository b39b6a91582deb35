#include <gtest/gtest.h>

#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::kubelet {
namespace {

sim::ContainerModelConfig ready_after(Duration d) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.ready_after = LatencyModel{d, d};
  model.behaviours.push_back(b);
  return model;
}

// When the pod's Ready condition first became True, since it was added; -1 s: never.
Duration ready_at(const KubeletWorld& w, Time added) {
  for (const Ref<const api::Pod>& p : w.api.pod_history) {
    const api::PodCondition* c = find_condition(p->status, "Ready");
    if (c && c->status == "True") return c->last_transition_time - truncate_to_second(added);
  }
  return -1s;
}

struct ReadyCase {
  std::int32_t period, delay, successes;
  Duration ready_after;
  int expected_seconds;
};

TEST(Prober, ProbesReadinessAtTicksAfterTheDelay) {
  // Ticks count from the pod's start; the container runs 0.2 s later.
  const ReadyCase cases[] = {
      {10, 0, 1, 0s, 10}, {5, 0, 1, 0s, 5},  {5, 0, 1, 12s, 15}, {5, 12, 1, 0s, 15},
      {1, 0, 1, 30s, 31}, {5, 0, 3, 0s, 15}, {2, 7, 2, 0s, 10},
  };
  for (const ReadyCase& t : cases) {
    KubeletWorld w(ready_after(t.ready_after));
    Ref<api::Pod> pod = KubeletWorld::pod("p");
    pod->spec.edit().containers.edit()[0].readiness_probe =
        http_probe(t.period, 3, t.delay, t.successes);
    const Time added = w.loop.now();
    w.add(std::move(pod));
    w.run(60s);
    EXPECT_EQ(ready_at(w, added), std::chrono::seconds(t.expected_seconds))
        << "period " << t.period << " delay " << t.delay << " successes " << t.successes;
  }
}

TEST(Prober, SkipsProbesThatWouldAnswerTheSame) {
  KubeletConfig config;
  config.self_renewing_lease = true;
  KubeletWorld w(ready_after(1000s), config);
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  pod->spec.edit().containers.edit()[0].readiness_probe = http_probe(1);
  w.add(std::move(pod));
  w.run(10s);
  const std::uint64_t before = w.loop.events_run();
  w.run(900s);
  EXPECT_LE(w.loop.events_run() - before, 2u);
  w.run(100s);
  EXPECT_EQ(w.condition("p", "Ready"), "True");
}

TEST(Prober, ReadinessFailsAfterTheThresholdAndRecovers) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  pod->spec.edit().containers.edit()[0].readiness_probe = http_probe(5, 3);
  const Uid uid = pod->meta.uid;
  w.add(std::move(pod));
  w.run(21s);
  EXPECT_EQ(w.condition("p", "Ready"), "True");
  w.model.set_probe_result(uid, ProbeKind::kReadiness, false);
  w.run(13s);  // probes fail at 25 and 30 s
  EXPECT_EQ(w.condition("p", "Ready"), "True");
  w.run(2s);  // and at 35 s
  EXPECT_EQ(w.condition("p", "Ready"),
            "False ContainersNotReady: containers with unready status: [c]");
  EXPECT_TRUE(w.has_event("Unhealthy: Readiness probe failed: connection refused"));
  w.model.set_probe_result(uid, ProbeKind::kReadiness, true);
  w.run(6s);
  EXPECT_EQ(w.condition("p", "Ready"), "True");
  EXPECT_EQ(w.c("p").restart_count, 0);
}

TEST(Prober, LivenessFailuresRestartTheContainer) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.liveness_fails_after = 30s;
  model.behaviours.push_back(b);
  KubeletWorld w(model);
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  pod->spec.edit().containers.edit()[0].liveness_probe = http_probe(10, 3);
  w.add(std::move(pod));
  w.run(59s);  // fails at 40, 50 and 60 s
  EXPECT_EQ(w.c("p").restart_count, 0);
  w.run(3s);
  EXPECT_EQ(w.c("p").restart_count, 1);
  EXPECT_EQ(w.phase("p"), "Running");
  EXPECT_TRUE(w.has_event("Killing: Container c failed liveness probe, will be restarted"));
  w.run(60s);  // ends again at 120 s, and now backs off for 10 s
  EXPECT_EQ(w.c("p").restart_count, 1);
  EXPECT_EQ(w.c("p").state.reason, "CrashLoopBackOff");
  w.run(10s);
  EXPECT_EQ(w.c("p").restart_count, 2);
}

TEST(Prober, TheStartupProbeHoldsTheOthersBack) {
  KubeletWorld w(ready_after(25s));
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  auto& c = pod->spec.edit().containers.edit()[0];
  c.startup_probe = http_probe(10, 30);
  c.readiness_probe = http_probe(10);
  w.add(std::move(pod));
  w.run(26s);
  EXPECT_EQ(w.c("p").started, false);
  EXPECT_EQ(w.phase("p"), "Running");
  w.run(5s);  // startup succeeds at the tick of 30 s; readiness follows at once
  EXPECT_EQ(w.c("p").started, true);
  EXPECT_EQ(w.condition("p", "Ready"), "True");
}

TEST(Prober, AFailedStartupProbeKillsTheContainer) {
  KubeletWorld w(ready_after(1000s));
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  pod->spec.edit().containers.edit()[0].startup_probe = http_probe(10, 2);
  w.add(std::move(pod));
  w.run(22s);
  EXPECT_EQ(w.c("p").restart_count, 1);
  EXPECT_TRUE(w.has_event("Killing: Container c failed startup probe, will be restarted"));
}

}  // namespace
}  // namespace orrery::kubelet
