#include "tests/bench/kubelet_bench.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include "core/kubelet/kubelet.h"
#include "sim/clock/sim_driver.h"
#include "sim/container_model/container_model.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

// Accepts every write, keeps the newest pods, tells the kubelet.
class EchoApi final : public Client {
 public:
  explicit EchoApi(EventLoop& loop) : loop_(loop) {}
  void call(Request request, Callback<void(Response)> done) override {
    if (request.kind == api::KindId::kPod) ++pod_writes;
    Response response;
    if (request.object) {
      const_cast<api::Object&>(*request.object).meta.resource_version = ++revision_;
      response.object = request.object;
      if (request.kind == api::KindId::kPod) keep(request.object);
    }
    loop_.post([response = std::move(response), done = std::move(done)]() mutable {
      done(std::move(response));
    });
  }
  std::unique_ptr<Watch> watch(WatchRequest, WatchSink&) override { return nullptr; }

  void keep(const api::ObjectRef& object) {
    Ref<const api::Pod> pod(static_cast<const api::Pod*>(object.get()));
    const std::size_t i = pod->meta.uid.low;
    pods[i] = pod;
    ready += api::is_ready(*pod);
    loop_.post([this, pod = std::move(pod)] { sinks[pod->meta.uid.high]->on_pod_updated(pod); });
  }

  std::vector<Ref<const api::Pod>> pods;  // by uid.low
  std::vector<kubelet::PodSink*> sinks;   // by uid.high: the node's number
  std::size_t pod_writes = 0, ready = 0;

 private:
  EventLoop& loop_;
  api::Revision revision_ = 1;
};

struct Machine {
  Machine(Env& env, sim::ContainerModelShared& shared_model, kubelet::KubeletShared& shared,
          EchoApi& api, Ref<const api::Node> node)
      : model(env, shared_model, node->meta.name.view()), agent(env, api, model, shared, node) {
    model.set_pod_cidr("10.0.0.0/16");
    model.add_image(Symbol("app:1"));
  }
  sim::ContainerModel model;
  kubelet::Kubelet agent;
};

api::Shared<api::PodSpec> make_spec(bool probes) {
  api::PodSpec spec;
  api::Container c;
  c.name = Symbol("c");
  c.image = Symbol("app:1");
  c.image_pull_policy = Symbol("IfNotPresent");
  c.resources.requests.set(Symbol("cpu"), api::Quantity::from_milli(100));
  if (probes) {
    api::Probe probe;
    probe.http_get = api::HttpGetAction{};
    probe.period_seconds = 10;
    probe.failure_threshold = 3;
    c.readiness_probe = probe;
    c.liveness_probe = probe;
  }
  spec.containers = {c};
  spec.restart_policy = Symbol("Always");
  return spec;
}

Ref<const api::Node> make_node(std::size_t number) {
  auto node = make_ref<api::Node>();
  node->meta.name = "node-" + std::to_string(number);
  node->status.allocatable.set(Symbol("cpu"), api::Quantity::from_value(64));
  node->status.allocatable.set(Symbol("pods"), api::Quantity::from_value(500));
  return node;
}

void make_pods(EchoApi& api, const std::vector<Ref<const api::Node>>& nodes, std::size_t per_node,
               const api::Shared<api::PodSpec>& spec) {
  api.pods.resize(nodes.size() * per_node);
  for (std::size_t i = 0; i < api.pods.size(); ++i) {
    const std::size_t node = i % nodes.size();
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol("default");
    pod->meta.name = "pod-" + std::to_string(i);
    pod->meta.uid = Uid{node, i};
    pod->meta.resource_version = 1;
    pod->spec = spec;
    pod->node_name = Symbol(nodes[node]->meta.name.view());
    pod->status.phase = Symbol("Pending");
    api.pods[i] = pod;
  }
}

void run(const char* name, std::size_t nodes, std::size_t per_node, bool probes) {
  sim::SimDriver driver{Time{std::chrono::hours(500'000)}};
  EventLoop loop(driver);
  Random random(1);
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  EchoApi api(loop);
  sim::ContainerModelShared model_shared{sim::ContainerModelConfig{}};
  kubelet::KubeletConfig config;
  config.self_renewing_lease = true;
  config.coalesce_start_status = true;
  kubelet::KubeletShared shared(config);

  std::vector<Ref<const api::Node>> node_objects;
  for (std::size_t n = 0; n < nodes; ++n) node_objects.push_back(make_node(n));
  const std::size_t heap_empty = heap_bytes();
  std::vector<std::unique_ptr<Machine>> machines;
  for (std::size_t n = 0; n < nodes; ++n) {
    machines.push_back(std::make_unique<Machine>(env, model_shared, shared, api, node_objects[n]));
    machines.back()->agent.start();
    api.sinks.push_back(&machines.back()->agent);
  }
  loop.run();
  const double node_bytes =
      static_cast<double>(heap_bytes() - heap_empty) / static_cast<double>(nodes);

  make_pods(api, node_objects, per_node, make_spec(probes));
  const std::size_t total = api.pods.size();
  const std::uint64_t events_before = loop.events_run();
  const double from = cpu_micros();
  for (std::size_t i = 0; i < total; ++i) {
    loop.at(loop.now() + Duration(i * 100'000), [&api, i] {  // 10,000 bindings a second
      api.sinks[api.pods[i]->meta.uid.high]->on_pod_added(api.pods[i]);
    });
  }
  loop.run();
  const double micros = cpu_micros() - from;
  const std::size_t heap_full = heap_bytes();
  const std::size_t ready = api.ready;
  machines.clear();
  const double freed = static_cast<double>(heap_full - heap_bytes());
  const double pods = static_cast<double>(total);
  std::printf(
      "{\"bench\":\"%s\",\"nodes\":%zu,\"pods\":%zu,\"ready\":%zu,\"us_per_pod\":%.2f,"
      "\"events_per_pod\":%.1f,\"status_writes_per_pod\":%.2f,\"state_bytes_per_pod\":%.0f,"
      "\"bytes_per_idle_node\":%.0f,\"timers_left\":%zu}\n",
      name, nodes, total, ready, micros / pods,
      static_cast<double>(loop.events_run() - events_before) / pods,
      static_cast<double>(api.pod_writes) / pods,
      (freed - node_bytes * static_cast<double>(nodes)) / pods, node_bytes, loop.timers_pending());
  std::fflush(stdout);
}

}  // namespace

void bench_kubelet(std::size_t nodes, std::size_t pods_per_node) {
  run("kubelet_start", nodes, pods_per_node, false);
  run("kubelet_start_probed", nodes, pods_per_node, true);
}

}  // namespace orrery::bench
