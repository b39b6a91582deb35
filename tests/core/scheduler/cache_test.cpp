#include "core/scheduler/cache.h"

#include <gtest/gtest.h>

#include "tests/core/scheduler/builders.h"

namespace orrery::scheduler::test {
namespace {

std::vector<std::string> names_in_order(SchedulerCache& cache) {
  cache.refresh_order();
  std::vector<std::string> names;
  for (const NodeSlot s : cache.order()) names.push_back(cache.node(s).name().str());
  return names;
}

TEST(SchedulerCache, OrdersNodesRoundRobinOverZones) {
  SchedulerCache cache;
  for (const auto& [name, zone] : std::vector<std::pair<std::string, std::string>>{
           {"a1", "a"}, {"a2", "a"}, {"a3", "a"}, {"b1", "b"}, {"c1", "c"}, {"c2", "c"}}) {
    Ref<api::Node> node = make_node(name);
    set_label(node, "topology.kubernetes.io/zone", zone);
    cache.add_node(node);
  }
  EXPECT_EQ(names_in_order(cache), (std::vector<std::string>{"a1", "b1", "c1", "a2", "c2", "a3"}));
  cache.remove_node(Symbol("b1"));
  EXPECT_EQ(names_in_order(cache), (std::vector<std::string>{"a1", "c1", "a2", "c2", "a3"}));
}

TEST(SchedulerCache, CountsAnAssumedPodUntilItIsForgotten) {
  SchedulerCache cache;
  cache.add_node(make_node("n"));
  const NodeSlot n = cache.find_node(Symbol("n"));
  const Ref<const api::Pod> pod = make_pod("p", {{"cpu", "500m"}, {"example.com/foo", "2"}});
  cache.assume(pod, n);
  EXPECT_EQ(cache.node(n).requested(kCpu), 500);
  EXPECT_EQ(cache.node(n).requested(cache.resource_names().index_of(Symbol("example.com/foo"))), 2);
  EXPECT_EQ(cache.node(n).pod_count(), 1);
  EXPECT_TRUE(cache.is_assumed(pod->meta.uid));
  cache.forget(pod->meta.uid);
  EXPECT_EQ(cache.node(n).requested(kCpu), 0);
  EXPECT_EQ(cache.node(n).pod_count(), 0);
}

TEST(SchedulerCache, DoesNotForgetAConfirmedPod) {
  SchedulerCache cache;
  cache.add_node(make_node("n"));
  const Ref<api::Pod> pod = make_pod("p", {{"cpu", "500m"}});
  cache.assume(pod, cache.find_node(Symbol("n")));
  cache.add_pod(on_node(pod, "n"));
  EXPECT_FALSE(cache.is_assumed(pod->meta.uid));
  cache.forget(pod->meta.uid);
  EXPECT_EQ(cache.node_of(pod->meta.uid), Symbol("n"));
}

TEST(SchedulerCache, MovesAPodThatWasBoundElsewhere) {
  SchedulerCache cache;
  cache.add_node(make_node("a"));
  cache.add_node(make_node("b"));
  const Ref<api::Pod> pod = make_pod("p", {{"cpu", "1"}});
  cache.assume(pod, cache.find_node(Symbol("a")));
  cache.add_pod(on_node(pod, "b"));
  EXPECT_EQ(cache.node(cache.find_node(Symbol("a"))).requested(kCpu), 0);
  EXPECT_EQ(cache.node(cache.find_node(Symbol("b"))).requested(kCpu), 1000);
}

TEST(SchedulerCache, KeepsPodsOfANodeThatComesBack) {
  SchedulerCache cache;
  cache.add_pod(on_node(make_pod("early", {{"cpu", "1"}}), "n"));
  cache.add_node(make_node("n"));
  cache.add_pod(on_node(make_pod("p", {{"cpu", "1"}}), "n"));
  cache.remove_node(Symbol("n"));
  cache.refresh_order();
  EXPECT_EQ(cache.node_count(), 0u);
  cache.add_node(make_node("n"));
  EXPECT_EQ(cache.node(cache.find_node(Symbol("n"))).requested(kCpu), 2000);
}

TEST(SchedulerCache, LogsWhichNodesChanged) {
  SchedulerCache cache;
  cache.add_node(make_node("a"));
  cache.add_node(make_node("b"));
  cache.refresh_order();
  const std::uint64_t seen = cache.change_count();
  cache.add_pod(on_node(make_pod("p", {{"cpu", "1"}}), "b"));
  ASSERT_EQ(cache.change_count(), seen + 1);
  EXPECT_EQ(cache.node(cache.change(seen)).name(), Symbol("b"));
  Ref<api::Node> heartbeat = make_node("a");
  heartbeat->status.conditions = {{Symbol("Ready"), Symbol("True"), {}, {}, Time{5s}, {}}};
  cache.update_node(heartbeat);
  EXPECT_EQ(cache.change_count(), seen + 1);  // heartbeats are no change
}

TEST(SchedulerCache, NeedsLessThan64BytesForAPodOfATemplate) {
  SchedulerCache cache;
  for (int i = 0; i < 1000; ++i) cache.add_node(make_node("n" + std::to_string(i)));
  const api::Shared<api::PodSpec> spec(make_spec({{"cpu", "1m"}}));
  const std::size_t before = cache.bytes();
  constexpr int kPods = 100000;
  for (int i = 0; i < kPods; ++i) {
    cache.add_pod(on_node(make_pod("p" + std::to_string(i), spec), "n" + std::to_string(i % 1000)));
  }
  EXPECT_LT((cache.bytes() - before) / kPods, 64u);
}

TEST(SchedulerCache, KeepsTheAccountOfGpuDevices) {
  SchedulerCache cache;
  cache.add_node(make_node("g", {{"cpu", "8"}, {"pods", "10"}, {"nvidia.com/gpu", "2"}}));
  const NodeSlot g = cache.find_node(Symbol("g"));
  Ref<api::Pod> half = make_pod("half", {{"orrery.dev/gpu-milli", "500"}});
  cache.assume(half, g);
  EXPECT_EQ(cache.node(g).gpu()->free_milli, (std::vector<std::int32_t>{500, 1000}));
  Ref<api::Pod> fixed = make_pod("fixed", {{"orrery.dev/gpu-milli", "300"}});
  api::set(fixed->meta.annotations, "orrery.dev/gpu-devices", "1");
  cache.add_pod(on_node(fixed, "g"));
  EXPECT_EQ(cache.node(g).gpu()->free_milli, (std::vector<std::int32_t>{500, 700}));
  cache.forget(half->meta.uid);
  EXPECT_EQ(cache.node(g).gpu()->free_milli, (std::vector<std::int32_t>{1000, 700}));
}

}  // namespace
}  // namespace orrery::scheduler::test
