#include "tests/bench/cache_bench.h"

#include <string>
#include <vector>

#include "core/scheduler/cache.h"
#include "tests/bench/measure.h"
#include "tests/core/scheduler/builders.h"

namespace orrery::bench {
namespace {

constexpr std::size_t kNodes = 100'000, kPods = 1'000'000, kTemplates = 1000;

std::vector<Ref<const api::Node>> make_nodes() {
  std::vector<Ref<const api::Node>> nodes;
  for (std::size_t i = 0; i < kNodes; ++i) {
    Ref<api::Node> node = scheduler::test::make_node("node-" + std::to_string(i));
    scheduler::test::set_label(node, "topology.kubernetes.io/zone", "z" + std::to_string(i % 3));
    nodes.push_back(node);
  }
  return nodes;
}

/// Pods of a thousand Deployments, each bound.
std::vector<Ref<const api::Pod>> make_pods() {
  std::vector<Ref<api::Pod>> templates;
  for (std::size_t i = 0; i < kTemplates; ++i) {
    templates.push_back(scheduler::test::make_pod("t", {{"cpu", "100m"}, {"memory", "128Mi"}}));
    templates.back()->meta.labels =
        api::Labels({{Symbol("app"), Symbol("app-" + std::to_string(i))}});
  }
  std::vector<Ref<const api::Pod>> pods;
  for (std::size_t i = 0; i < kPods; ++i) {
    Ref<api::Pod> pod = copy_of(templates[i % kTemplates]);
    pod->meta.name = Text("pod-" + std::to_string(i));
    pod->meta.uid = Uid::parse("pod-" + std::to_string(i));
    pod->node_name = Symbol("node-" + std::to_string(i * 7919 % kNodes));
    pods.push_back(pod);
  }
  return pods;
}

}  // namespace

void bench_scheduler_cache() {
  const auto nodes = make_nodes();
  const auto pods = make_pods();
  const std::size_t before = heap_bytes();
  scheduler::SchedulerCache cache;
  for (const auto& node : nodes) cache.add_node(node);
  cache.refresh_order();
  const std::size_t with_nodes = heap_bytes();
  const double start = cpu_micros();
  for (const auto& pod : pods) cache.add_pod(pod);
  const double micros = cpu_micros() - start;
  const std::size_t after = heap_bytes();
  fmt::print(
      "{{\"bench\":\"scheduler_cache\",\"nodes\":{},\"pods\":{},\"heap_bytes\":{},"
      "\"bytes_per_node\":{:.0f},\"bytes_per_pod\":{:.0f},\"add_pod_ns\":{:.0f}}}\n",
      kNodes, kPods, after - before,
      static_cast<double>(with_nodes - before) / static_cast<double>(kNodes),
      static_cast<double>(after - with_nodes) / static_cast<double>(kPods),
      micros * 1e3 / static_cast<double>(kPods));
}

}  // namespace orrery::bench
