#include <gtest/gtest.h>

#include "core/kubelet/pod_source.h"
#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::kubelet {
namespace {

std::string node_condition(const KubeletWorld& w, const char* type) {
  const api::NodeCondition* c = find_condition(w.api.find<api::Node>("n1")->status, type);
  return c ? c->status.str() + " " + c->reason.str() + ": " + c->message.str() : "absent";
}

// A restart as the source sees it: all pods are told again.
void restart(KubeletWorld& w) {
  w.kubelet.start();
  w.run(5ms);
  for (const auto& [key, object] : w.api.objects) {
    if (const auto pod = api::as<api::Pod>(object)) w.kubelet.on_pod_added(pod);
  }
  w.kubelet.on_pods_synced();
}

TEST(NodeLife, RegistersTheNodeAndItsLease) {
  KubeletWorld w;
  EXPECT_TRUE(w.kubelet.is_registered());
  EXPECT_EQ(node_condition(w, "Ready"), "True KubeletReady: kubelet is posting ready status");
  EXPECT_EQ(node_condition(w, "MemoryPressure"),
            "False KubeletHasSufficientMemory: kubelet has sufficient memory available");
  EXPECT_EQ(node_condition(w, "DiskPressure"),
            "False KubeletHasNoDiskPressure: kubelet has no disk pressure");
  EXPECT_EQ(node_condition(w, "PIDPressure"),
            "False KubeletHasSufficientPID: kubelet has sufficient PID available");
  const auto* lease = w.api.find<api::Lease>("n1");
  ASSERT_NE(lease, nullptr);
  EXPECT_EQ(lease->meta.namespace_, "kube-node-lease");
  EXPECT_EQ(lease->lease_duration_seconds, 40);
  EXPECT_EQ(lease->holder_identity->view(), "n1");
  EXPECT_EQ(lease->meta.owner_references[0].name, "n1");
}

TEST(NodeLife, RenewsTheLeaseEveryTenSeconds) {
  KubeletWorld w;
  const Time first = w.api.find<api::Lease>("n1")->renew_time;
  w.run(35s);
  const Duration renewed = w.api.find<api::Lease>("n1")->renew_time - first;
  EXPECT_GE(renewed, 30s);
  EXPECT_LE(renewed, 31s);
  w.kubelet.stop();
  const Time last = w.api.find<api::Lease>("n1")->renew_time;
  w.run(60s);
  EXPECT_EQ(w.api.find<api::Lease>("n1")->renew_time, last);
}

TEST(NodeLife, ASelfRenewingLeaseNeedsNoTimer) {
  KubeletConfig config;
  config.self_renewing_lease = true;
  KubeletWorld w(steady_times(), config);
  const auto* lease = w.api.find<api::Lease>("n1");
  const Text* every = api::find(lease->meta.annotations, kRenewsEveryAnnotation);
  ASSERT_NE(every, nullptr);
  EXPECT_EQ(every->view(), "10s");
  EXPECT_EQ(w.loop.timers_pending(), 0u);
}

TEST(NodeLife, PostsReadyAgainWhenItWasThoughtDead) {
  KubeletWorld w;
  auto unknown = Ref<api::Node>(new api::Node(*w.api.find<api::Node>("n1")));
  for (api::NodeCondition& c : unknown->status.conditions.edit()) c.status = Symbol("Unknown");
  w.api.put(unknown);
  w.kubelet.on_node_updated(Ref<const api::Node>(w.api.find<api::Node>("n1")));
  w.run(11s);
  EXPECT_EQ(node_condition(w, "Ready"), "True KubeletReady: kubelet is posting ready status");
}

// The node controller sets Ready to False on the pods of a node it lost.
TEST(NodeLife, SaysThatAPodIsReadyWhenItWasThoughtLost) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  ASSERT_TRUE(is_ready(*w.get("p")));
  const int writes = w.api.status_writes;
  auto lost = Ref<api::Pod>(new api::Pod(*w.get("p")));
  for (api::PodCondition& c : lost->status.conditions.edit()) {
    if (c.type == "Ready") c.status = Symbol("False");
  }
  w.api.put(lost);
  w.run(5s);
  EXPECT_TRUE(is_ready(*w.get("p")));
  EXPECT_EQ(w.api.status_writes, writes + 1);
}

TEST(NodeLife, ARestartedKubeletTakesOverWhatRuns) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("p", {"c", "d"});
  pod->spec.edit().containers.edit()[0].readiness_probe = http_probe(5);
  w.add(std::move(pod));
  w.run(10s);
  w.kubelet.stop();
  const auto before = w.get("p")->status;
  const int writes = w.api.status_writes;
  w.run(60s);
  EXPECT_EQ(w.api.status_writes, writes);
  restart(w);
  w.run(10s);
  EXPECT_TRUE(w.get("p")->status == before);
  EXPECT_EQ(w.model.containers_running(), 2u);
  w.remove("p", 30);
  w.run(5s);
  EXPECT_EQ(w.get("p"), nullptr);
}

TEST(NodeLife, ARestartedKubeletSeesWhatEndedMeanwhileAndStopsOrphans) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("ended", {"c"}, "Never"));
  w.add(KubeletWorld::pod("gone"));
  w.run(5s);
  w.kubelet.stop();
  EXPECT_TRUE(w.model.end_container(w.get("ended")->meta.uid, Symbol("c"), 4));
  w.api.erase(*w.get("gone"));
  w.run(1s);
  restart(w);
  w.run(5s);
  EXPECT_EQ(w.phase("ended"), "Failed");
  EXPECT_EQ(w.c("ended").state.exit_code, 4);
  EXPECT_EQ(w.model.containers_running(), 0u);
}

TEST(NodeLife, PodsStartAnewAfterACrashOfTheNode) {
  KubeletWorld w;
  Ref<api::Pod> pod = KubeletWorld::pod("p");
  pod->spec.edit().init_containers = {KubeletWorld::container("i")};
  w.add(std::move(pod));
  w.add(KubeletWorld::pod("once", {"c"}, "Never"));
  w.run(5s);
  EXPECT_EQ(w.phase("p"), "Running");
  w.kubelet.stop();
  w.model.crash();
  w.run(30s);
  w.model.boot();
  restart(w);
  w.run(10s);
  EXPECT_EQ(w.phase("p"), "Running");
  EXPECT_EQ(w.c("p").restart_count, 1);
  EXPECT_EQ(w.c("p").last_state->exit_code, 255);
  EXPECT_EQ(w.init("p").restart_count, 1);
  EXPECT_EQ(w.phase("once"), "Failed");
  EXPECT_EQ(w.c("once").state.exit_code, 255);
}

TEST(NodeLife, AHangingNodeDoesNothingAndThenCatchesUp) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("a"));
  w.run(5s);
  w.kubelet.freeze();
  w.model.hang();
  const int writes = w.api.status_writes;
  const Time renewed = w.api.find<api::Lease>("n1")->renew_time;
  w.add(KubeletWorld::pod("b"));
  w.remove("a", 30);
  w.run(60s);
  EXPECT_EQ(w.api.status_writes, writes);
  EXPECT_EQ(w.api.find<api::Lease>("n1")->renew_time, renewed);
  w.model.resume();
  w.kubelet.thaw();
  w.run(5s);
  EXPECT_EQ(w.phase("b"), "Running");
  EXPECT_EQ(w.get("a"), nullptr);
  EXPECT_GT(w.api.find<api::Lease>("n1")->renew_time, renewed + 60s);
}

TEST(NodeLife, LearnsAfterACutWhatItMissed) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("stays"));
  w.add(KubeletWorld::pod("gone"));
  w.run(5s);
  w.api.unreachable = true;
  w.api.sink = nullptr;
  w.kubelet.disconnect();
  w.api.erase(*w.get("gone"));
  w.add(KubeletWorld::pod("new"));
  w.run(60s);
  EXPECT_EQ(w.model.containers_running(), 2u);
  w.api.unreachable = false;
  w.api.sink = &w.kubelet;
  const Time back = w.loop.now();
  w.kubelet.reconnect();
  w.kubelet.on_pod_added(Ref<const api::Pod>(w.get("stays")));
  w.kubelet.on_pod_added(Ref<const api::Pod>(w.get("new")));
  w.kubelet.on_pods_synced();
  w.run(5s);
  EXPECT_EQ(w.phase("new"), "Running");
  EXPECT_EQ(w.model.containers_running(), 2u);
  EXPECT_EQ(w.kubelet.pod_count(), 2u);
  EXPECT_EQ(w.c("stays").restart_count, 0);
  EXPECT_GE(w.api.find<api::Lease>("n1")->renew_time, back);
}

TEST(NodeLife, RecreatesASandboxThatVanished) {
  KubeletWorld w;
  w.add(KubeletWorld::pod("p"));
  w.run(5s);
  w.model.lose_sandbox(w.get("p")->meta.uid);
  w.run(5s);
  EXPECT_EQ(w.phase("p"), "Running");
  EXPECT_EQ(w.c("p").restart_count, 1);
  EXPECT_EQ(w.model.containers_running(), 1u);
  EXPECT_EQ(w.get("p")->status.pod_ip, "10.244.1.3");
}

}  // namespace
}  // namespace orrery::kubelet
