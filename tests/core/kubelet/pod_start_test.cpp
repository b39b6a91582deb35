#include <gtest/gtest.h>

#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::kubelet {
namespace {

TEST(PodStart, BecomesRunningAndReadyWithTwoWrites) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("web"));
  w.run(5s);
  EXPECT_EQ(w.phase("web"), "Running");
  EXPECT_EQ(w.api.status_writes, 2);
  EXPECT_EQ(w.condition("web", "Ready"), "True");
  EXPECT_EQ(w.condition("web", "ContainersReady"), "True");
  EXPECT_EQ(w.condition("web", "Initialized"), "True");
  EXPECT_EQ(w.condition("web", "PodReadyToStartContainers"), "True");
  EXPECT_EQ(w.condition("web", "PodScheduled"), "True");
  EXPECT_TRUE(w.c("web").ready);
  EXPECT_EQ(w.c("web").started, true);
  EXPECT_EQ(w.c("web").restart_count, 0);
  EXPECT_EQ(w.get("web")->status.pod_ip, "10.244.1.2");
  EXPECT_EQ(w.get("web")->status.host_ip, "10.0.0.7");
  EXPECT_EQ(w.get("web")->status.observed_generation, 1);
  EXPECT_EQ(w.get("web")->status.qos_class, "BestEffort");
  const api::PodStatus& first = w.api.pod_history[1]->status;
  EXPECT_EQ(first.phase, "Pending");
  EXPECT_EQ(first.container_statuses[0].state.reason, "ContainerCreating");
  EXPECT_EQ(find_condition(first, "Ready")->message, "containers with unready status: [c]");
  EXPECT_TRUE(is_set(first.start_time));
}

TEST(PodStart, WritesOnceWhereTheStartIsCoalesced) {
  KubeletConfig config;
  config.coalesce_start_status = true;
  KubeletWorld w(steady_times(), config);
  w.add(KubeletWorld::pod("web"));
  w.run(5s);
  EXPECT_EQ(w.phase("web"), "Running");
  EXPECT_EQ(w.api.status_writes, 1);
}

TEST(PodStart, LeavesNoTimerBehindForASteadyPod) {
  KubeletConfig config;
  config.self_renewing_lease = true;
  KubeletWorld w(steady_times(), config);
  Ref<api::Pod> pod = KubeletWorld::pod("web");
  pod->spec.edit().containers.edit()[0].readiness_probe = http_probe(10);
  pod->spec.edit().containers.edit()[0].liveness_probe = http_probe(10);
  w.add(std::move(pod));
  w.run(60s);
  EXPECT_EQ(w.condition("web", "Ready"), "True");
  EXPECT_EQ(w.loop.timers_pending(), 0u);
}

TEST(PodStart, WritesTheEventsOfUpstream) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("web", {"c", "d"});
  pod->spec.edit().containers.edit()[1].image = Symbol("other:2");
  w.add(std::move(pod));
  w.run(5s);
  const std::vector<std::string> expected = {
      "Pulled: Container image \"app:1\" already present on machine and can be accessed by the pod",
      "Created: Container created", "Started: Container started",
      "Pulling: Pulling image \"other:2\"", "Pulled: Successfully pulled image \"other:2\""};
  ASSERT_GE(w.api.events.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(w.api.events[i], expected[i]);
}

TEST(PodStart, BacksOffFromAnImageThatCannotBePulled) {
  KubeletWorld w;
  w.model_shared.failing_images.push_back("bad*");
  Ref<api::Pod> pod = KubeletWorld::pod("web");
  pod->spec.edit().containers.edit()[0].image = Symbol("bad:1");
  w.add(std::move(pod));
  w.run(1500ms);  // sandbox 0.1 s, pull 1 s
  EXPECT_EQ(w.c("web").state.reason, "ErrImagePull");
  EXPECT_EQ(w.phase("web"), "Pending");
  w.run(1s);
  EXPECT_EQ(w.c("web").state.reason, "ImagePullBackOff");
  EXPECT_EQ(w.c("web").state.message.view().substr(0, 46),
            "Back-off pulling image \"bad:1\": ErrImagePull: ");
  int pulls = 0;
  const auto count = [&] {
    pulls = 0;
    for (const Ref<const api::Pod>& p : w.api.pod_history) {
      const auto& all = p->status.container_statuses;
      pulls += !all.empty() && all[0].state.reason == "ErrImagePull";
    }
    return pulls;
  };
  w.run(100s);  // tries at 0, 11, 32, 73 s after the first
  EXPECT_EQ(count(), 4);
  w.model_shared.failing_images.clear();
  w.run(120s);
  EXPECT_EQ(w.phase("web"), "Running");
}

TEST(PodStart, NeverPullsWhereThePolicySaysSo) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("web");
  pod->spec.edit().containers.edit()[0].image = Symbol("absent:1");
  pod->spec.edit().containers.edit()[0].image_pull_policy = Symbol("Never");
  w.add(std::move(pod));
  w.run(5s);
  EXPECT_EQ(w.c("web").state.reason, "ErrImageNeverPull");
  EXPECT_EQ(w.c("web").state.message,
            "Container image \"absent:1\" is not present with pull policy of Never");
  w.model.add_image(Symbol("absent:1"));
  w.run(15s);
  EXPECT_EQ(w.phase("web"), "Running");
}

TEST(PodStart, RunsInitContainersInOrderBeforeTheOthers) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("web");
  auto& spec = pod->spec.edit();
  spec.init_containers = {KubeletWorld::container("i1"), KubeletWorld::container("i2")};
  w.add(std::move(pod));
  w.run(250ms);
  EXPECT_EQ(w.condition("web", "Initialized"),
            "False ContainersNotInitialized: containers with incomplete status: [i1 i2]");
  EXPECT_EQ(w.c("web").state.reason, "PodInitializing");
  EXPECT_EQ(w.init("web", 1).state.reason, "PodInitializing");
  EXPECT_EQ(w.init("web", 0).state.kind, api::ContainerState::Kind::kRunning);
  EXPECT_FALSE(w.init("web", 0).ready);
  w.run(5s);
  EXPECT_EQ(w.phase("web"), "Running");
  EXPECT_EQ(w.init("web", 0).state.reason, "Completed");
  EXPECT_TRUE(w.init("web", 1).ready);
  EXPECT_EQ(w.condition("web", "Initialized"), "True");
  EXPECT_LE(w.init("web", 0).state.finished_at, w.init("web", 1).state.started_at);
}

TEST(PodStart, FailsThePodWhereAnInitContainerFailsForGood) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.container = "i1";
  b.exits_after = LatencyModel{1s, 1s};
  b.exit_code = 3;
  model.behaviours.push_back(b);
  KubeletWorld w(model);
  Ref<api::Pod> pod = KubeletWorld::pod("web", {"c"}, "Never");
  pod->spec.edit().init_containers = {KubeletWorld::container("i1")};
  w.add(std::move(pod));
  w.run(10s);
  EXPECT_EQ(w.phase("web"), "Failed");
  EXPECT_EQ(w.init("web").state.exit_code, 3);
  EXPECT_EQ(w.c("web").state.reason, "PodInitializing");
  EXPECT_EQ(w.model.containers_running(), 0u);
}

TEST(PodStart, WaitsForASidecarsStartupProbeAndStopsItLast) {
  sim::ContainerModelConfig model = steady_times();
  sim::ContainerBehaviour b;
  b.container = "proxy";
  b.ready_after = LatencyModel{12s, 12s};
  model.behaviours.push_back(b);
  KubeletWorld w(model);
  Ref<api::Pod> pod = KubeletWorld::pod("web");
  api::Container log = KubeletWorld::container("log"), proxy = KubeletWorld::container("proxy");
  log.restart_policy = proxy.restart_policy = Symbol("Always");
  proxy.startup_probe = http_probe(5, 10);
  pod->spec.edit().init_containers = {log, proxy};
  w.add(std::move(pod));
  w.run(14s);
  EXPECT_EQ(w.phase("web"), "Pending");
  EXPECT_EQ(w.model.containers_running(), 2u);
  w.run(3s);
  EXPECT_EQ(w.phase("web"), "Running");
  EXPECT_EQ(w.condition("web", "Ready"), "True");
  w.remove("web", 30);
  w.api.events.clear();
  w.run(10s);
  EXPECT_EQ(w.get("web"), nullptr);
  const std::vector<std::string> order = {"Killing: Stopping container c",
                                          "Killing: Stopping container proxy",
                                          "Killing: Stopping container log"};
  EXPECT_EQ(w.api.events, order);
}

TEST(PodStart, SidecarsDoNotKeepAFinishedPodAlive) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("job", {"c"}, "Never");
  api::set(pod->meta.annotations, sim::kRunTimeAnnotation, "5s");
  api::Container log = KubeletWorld::container("log");
  log.restart_policy = Symbol("Always");
  pod->spec.edit().init_containers = {log};
  sim::ContainerModelConfig model = steady_times();
  w.add(std::move(pod));
  w.run(4s);
  EXPECT_EQ(w.model.containers_running(), 2u);
  w.run(10s);
  EXPECT_EQ(w.model.containers_running(), 0u);
  EXPECT_EQ(w.phase("job"), "Succeeded");
  EXPECT_EQ(w.condition("job", "Ready"), "False PodCompleted");
  EXPECT_EQ(w.condition("job", "Initialized"), "True PodCompleted");
}

TEST(PodStart, RetriesASandboxWhenTheAddressesRunOut) {
  KubeletWorld w;
  w.model.set_pod_cidr("10.244.1.0/29");  // five pods
  for (int i = 0; i < 6; ++i) w.add(KubeletWorld::pod("p" + std::to_string(i)));
  w.run(5s);
  EXPECT_EQ(w.phase("p5"), "Pending");
  EXPECT_TRUE(w.has_event(
      "FailedCreatePodSandBox: Failed to create pod sandbox: plugin type=\"bridge\" failed (add): "
      "failed to allocate for range 0: no IP addresses available in range set: "
      "10.244.1.2-10.244.1.6"));
  w.remove("p0", 0);
  w.run(12s);
  EXPECT_EQ(w.phase("p5"), "Running");
}

TEST(PodStart, WaitsForReadinessGates) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("web");
  pod->spec.edit().readiness_gates = {Symbol("example.com/up")};
  w.add(std::move(pod));
  w.run(5s);
  EXPECT_EQ(w.condition("web", "ContainersReady"), "True");
  EXPECT_EQ(w.condition("web", "Ready"),
            "False ReadinessGatesNotReady: corresponding condition of pod readiness gate "
            "\"example.com/up\" does not exist.");
  auto changed = Ref<api::Pod>(new api::Pod(*w.get("web")));
  api::PodCondition up;
  up.type = Symbol("example.com/up");
  up.status = Symbol("True");
  set_condition(changed->status, up);
  w.add(std::move(changed));
  w.run(1s);
  EXPECT_EQ(w.condition("web", "Ready"), "True");
  EXPECT_EQ(w.condition("web", "example.com/up"), "True");
}

TEST(PodStart, RetriesAStatusAfterAConflict) {
  KubeletWorld w;
  w.api.conflicts_to_come = 3;
  w.add(KubeletWorld::pod("web"));
  w.run(5s);
  EXPECT_EQ(w.phase("web"), "Running");
  EXPECT_EQ(w.api.conflicts_to_come, 0);
}

TEST(PodStart, KeepsWhatOthersWroteMeanwhile) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("web"));
  w.run(150ms);
  auto changed = Ref<api::Pod>(new api::Pod(*w.get("web")));
  changed->meta.labels = api::LabelSet(api::Labels({{Symbol("a"), Symbol("b")}}));
  w.api.put(std::move(changed));
  w.run(5s);
  EXPECT_EQ(w.phase("web"), "Running");
  EXPECT_EQ(w.get("web")->meta.labels.get(Symbol("a")), "b");
}

TEST(PodStart, TriesAgainWhenTheServerCannotBeReached) {
  KubeletWorld w;
  w.api.unreachable = true;
  w.add(KubeletWorld::pod("web"));
  w.run(30s);
  EXPECT_EQ(w.phase("web"), "Pending");
  EXPECT_EQ(w.model.containers_running(), 1u);
  w.api.unreachable = false;
  w.run(15s);
  EXPECT_EQ(w.phase("web"), "Running");
}

}  // namespace
}  // namespace orrery::kubelet
