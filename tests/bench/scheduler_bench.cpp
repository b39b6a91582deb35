#include "tests/bench/scheduler_bench.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "core/scheduler/scheduler.h"
#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/builders.h"
#include "tests/core/scheduler/echo_client.h"

namespace orrery::bench {
namespace {

using namespace scheduler;
using namespace scheduler::test;

/// Processor time: other processes on the machine do not count.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct BenchWorld {
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

  explicit BenchWorld(SchedulerConfig config)
      : scheduler(env, client, informers, recorder, std::move(config)) {
    recorder.set_enabled(false);
    CHECK(scheduler.start().ok());
    informers.start();
  }
  void run() { loop.run(loop.now()); }
};

std::vector<Ref<api::Node>> make_nodes(std::size_t count) {
  std::vector<Ref<api::Node>> nodes;
  for (std::size_t i = 0; i < count; ++i) {
    nodes.push_back(make_node(fmt::format("node-{}", i),
                              {{"cpu", "32"}, {"memory", "128Gi"}, {"pods", "110"}}));
    set_label(nodes.back(), "topology.kubernetes.io/zone", fmt::format("zone-{}", i % 3));
  }
  return nodes;
}

/// Seconds that Placer::place and assume take per pod, nothing else.
double cycle_seconds(const SchedulerCase& c, const std::vector<Ref<api::Pod>>& pods) {
  BenchWorld w({});
  SchedulerCache cache;
  for (const Ref<api::Node>& node : make_nodes(c.nodes)) cache.add_node(node);
  auto framework = Framework::make(default_profile(), built_in_plugins(), {w.env, w.client, cache});
  CHECK(framework.ok());
  RandomStream ties(1);
  Placer placer(cache, ties);
  placer.use_fast_path(c.fast_path);
  const double start = cpu_seconds();
  for (const Ref<api::Pod>& pod : pods) {
    const Placement p = placer.place(**framework, pod);
    CHECK(p.kind == Placement::Kind::kPlaced);
    cache.assume(pod, p.node);
  }
  return cpu_seconds() - start;
}

std::vector<Ref<api::Pod>> make_pods(const SchedulerCase& c) {
  std::vector<api::Shared<api::PodSpec>> specs;
  for (std::size_t i = 0; i < c.templates; ++i) {
    specs.emplace_back(make_spec({{"cpu", fmt::format("{}m", 50 + i)}, {"memory", "256Mi"}}));
  }
  std::vector<Ref<api::Pod>> pods;
  for (std::size_t i = 0; i < c.pods; ++i) {
    pods.push_back(make_pod(fmt::format("pod-{}", i), specs[i % specs.size()]));
  }
  return pods;
}

}  // namespace

void bench_scheduler(const SchedulerCase& c) {
  const std::vector<Ref<api::Pod>> pods = make_pods(c);
  SchedulerConfig config;
  config.fast_path = c.fast_path;
  BenchWorld w(std::move(config));
  for (const Ref<api::Node>& node : make_nodes(c.nodes)) w.client.put(node);
  w.run();
  for (const Ref<api::Pod>& pod : pods) w.client.put(copy_of(pod));
  const double start = cpu_seconds();
  w.run();
  const double total = cpu_seconds() - start;
  CHECK(w.client.bindings == c.pods);
  const double cycle = cycle_seconds(c, pods);
  const double n = static_cast<double>(c.pods);
  fmt::print(
      "{{\"bench\":\"scheduler\",\"nodes\":{},\"pods\":{},\"templates\":{},\"path\":\"{}\","
      "\"pods_per_second\":{:.0f},\"us_per_pod\":{:.2f},\"cycle_us_per_pod\":{:.2f},"
      "\"cache_bytes\":{}}}\n",
      c.nodes, c.pods, c.templates, c.fast_path ? "fast" : "plain", n / total, total / n * 1e6,
      cycle / n * 1e6, w.scheduler.cache().bytes());
}

void bench_scheduler() {
  for (const std::size_t nodes : {1000, 5000, 50000}) {
    bench_scheduler({.nodes = nodes, .pods = 30 * std::min<std::size_t>(nodes, 10000)});
  }
  bench_scheduler({.nodes = 5000, .pods = 100000, .templates = 100});
  bench_scheduler({.nodes = 5000, .pods = 2000, .fast_path = false});
}

}  // namespace orrery::bench
