#include <gtest/gtest.h>

#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::kubelet {
namespace {

sim::ContainerModelConfig exiting(int code, Duration after = 5s) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.exits_after = LatencyModel{after, after};
  b.exit_code = code;
  model.behaviours.push_back(b);
  return model;
}

struct RestartCase {
  const char* policy;
  int code;
  bool restarts;
  const char* phase;
};

TEST(PodRestart, FollowsRestartPolicyAndExitCode) {
  const RestartCase cases[] = {
      {"Always", 0, true, "Running"},       {"Always", 1, true, "Running"},
      {"OnFailure", 0, false, "Succeeded"}, {"OnFailure", 1, true, "Running"},
      {"Never", 0, false, "Succeeded"},     {"Never", 1, false, "Failed"},
  };
  for (const RestartCase& t : cases) {
    KubeletWorld w(exiting(t.code));
    w.add(KubeletWorld::pod("p", {"c"}, t.policy));
    w.run(8s);
    EXPECT_EQ(w.c("p").restart_count, t.restarts ? 1 : 0) << t.policy << t.code;
    EXPECT_EQ(w.phase("p"), t.phase) << t.policy << t.code;
    if (!t.restarts) {
      EXPECT_EQ(w.c("p").state.reason, t.code ? "Error" : "Completed");
      EXPECT_EQ(w.c("p").state.exit_code, t.code);
      EXPECT_EQ(w.condition("p", "Ready"), t.code ? "False PodFailed" : "False PodCompleted");
      EXPECT_EQ(w.condition("p", "PodReadyToStartContainers"), "False");
    } else {
      EXPECT_EQ(w.c("p").last_state->exit_code, t.code);
    }
  }
}

TEST(PodRestart, BacksOffLongerEachTime) {
  KubeletWorld w(exiting(1, 1s));
  w.add(KubeletWorld::pod("p"));
  std::vector<std::int64_t> starts;
  w.run(700s);
  Time last{};
  for (const Ref<const api::Pod>& p : w.api.pod_history) {
    const auto& all = p->status.container_statuses;
    if (all.empty() || all[0].state.kind != api::ContainerState::Kind::kRunning) continue;
    if (is_set(last) && all[0].state.started_at != last) {
      starts.push_back(
          std::chrono::duration_cast<std::chrono::seconds>(all[0].state.started_at - last).count());
    }
    last = all[0].state.started_at;
  }
  ASSERT_EQ(starts.size(), 7u);
  const int expected[] = {1, 11, 21, 41, 81, 161, 301};  // running 1 s, then the back-off
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(static_cast<double>(starts[i]), expected[i], 1.0);
}

TEST(PodRestart, ShowsCrashLoopBackOffAsUpstreamDoes) {
  KubeletWorld w(exiting(1, 1s));
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  const api::ContainerStatus& c = w.c("p");
  EXPECT_EQ(c.state.reason, "CrashLoopBackOff");
  EXPECT_EQ(c.state.message.str(), "back-off 10s restarting failed container=c pod=p_default(" +
                                       w.get("p")->meta.uid.str() + ")");
  EXPECT_EQ(c.last_state->reason, "Error");
  EXPECT_EQ(c.restart_count, 1);
  EXPECT_FALSE(c.ready);
  EXPECT_EQ(w.phase("p"), "Running");
  EXPECT_EQ(w.condition("p", "Ready"),
            "False ContainersNotReady: containers with unready status: [c]");
  EXPECT_TRUE(w.has_event("BackOff: Back-off restarting failed container c in pod p_default(" +
                          w.get("p")->meta.uid.str() + ")"));
}

TEST(PodRestart, ReportsAnOutOfMemoryKill) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.oom_after = 3s;
  b.oom_memory = 200 << 20;
  model.behaviours.push_back(b);
  KubeletWorld w(model);
  Ref<api::Pod> small = KubeletWorld::pod("small", {"c"}, "Never");
  small->spec.edit().containers.edit()[0].resources.limits.set(
      Symbol("memory"), api::Quantity::from_value(100 << 20));
  Ref<api::Pod> large = KubeletWorld::pod("large", {"c"}, "Never");
  large->spec.edit().containers.edit()[0].resources.limits.set(
      Symbol("memory"), api::Quantity::from_value(300 << 20));
  w.add(std::move(small));
  w.add(std::move(large));
  w.run(10s);
  EXPECT_EQ(w.phase("small"), "Failed");
  EXPECT_EQ(w.c("small").state.reason, "OOMKilled");
  EXPECT_EQ(w.c("small").state.exit_code, 137);
  EXPECT_EQ(w.phase("large"), "Running");
}

TEST(PodRestart, EndsAPodAtItsActiveDeadline) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  pod->spec.edit().active_deadline_seconds = 20;
  w.add(std::move(pod));
  w.run(19s);
  EXPECT_EQ(w.phase("p"), "Running");
  w.run(3s);
  EXPECT_EQ(w.phase("p"), "Failed");
  EXPECT_EQ(w.get("p")->status.reason, "DeadlineExceeded");
  EXPECT_EQ(w.get("p")->status.message,
            "Pod was active on the node longer than the specified deadline");
  EXPECT_EQ(w.model.containers_running(), 0u);
}

TEST(PodRestart, OneCrashingContainerDoesNotTouchTheOther) {
  sim::ContainerModelConfig model = exiting(1, 1s);
  model.behaviours[0].container = "bad";
  KubeletWorld w(model);
  w.add(KubeletWorld::pod("p", {"good", "bad"}));
  w.run(60s);
  EXPECT_EQ(w.c("p", 0).restart_count, 0);
  EXPECT_TRUE(w.c("p", 0).ready);
  EXPECT_GE(w.c("p", 1).restart_count, 3);
  EXPECT_EQ(w.phase("p"), "Running");
}

}  // namespace
}  // namespace orrery::kubelet
