#include "tests/bench/api_bench.h"

#include <string>
#include <vector>

#include "core/api/apps.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/base/check.h"
#include "sim/clock/sim_driver.h"
#include "sim/storage/memory_storage.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

struct World {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds;
  sim::MemoryStorage storage{env, {}};
  store::Store store{env, kinds, storage, {}};
  apiserver::ApiServer server{env, kinds, table, store};

  World() { server.bootstrap(); }

  api::ObjectRef call(Request request) {
    api::ObjectRef out;
    server.handle(std::move(request), [&](Response r) {
      CHECK(r.status.ok());
      out = std::move(r.object);
    });
    return out;
  }
};

Request about(Verb verb, const api::Object& object) {
  Request request;
  request.verb = verb;
  request.kind = object.kind;
  request.namespace_ = object.meta.namespace_;
  request.name = object.meta.name;
  return request;
}

api::Shared<api::PodSpec> pod_spec() {
  api::PodSpec spec;
  api::Container container;
  container.name = Symbol("c");
  container.image = Symbol("registry.example/app:1");
  spec.containers = {container};
  return spec;
}

// What a kubelet writes when a pod runs.
void run_pod(api::Pod& pod, Time now) {
  static const Symbol kRunning("Running"), kReady("Ready"), kTrue("True"), kC("c");
  pod.status.phase = kRunning;
  pod.status.pod_ip = Text("10.1.2.3");
  pod.status.start_time = now;
  api::set_condition(pod.status, {kReady, kTrue, {}, {}, {}, now, 0});
  api::ContainerStatus status;
  status.name = kC;
  status.state.kind = api::ContainerState::Kind::kRunning;
  status.state.started_at = now;
  status.ready = true;
  pod.status.container_statuses = {status};
}

void bench_pods(World& w, std::size_t n) {
  const api::Shared<api::PodSpec> spec = pod_spec();
  const api::LabelSet labels(api::Labels({{Symbol("app"), Symbol("a")}}));
  std::vector<api::ObjectRef> pods(n);
  measure("apiserver.pod_create", n, [&](std::size_t i) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol("default");
    pod->meta.generate_name = Text("web-5d78c9869d-");
    pod->meta.labels = labels;
    pod->spec = spec;
    Request request = about(Verb::kCreate, *pod);
    request.object = std::move(pod);
    pods[i] = w.call(std::move(request));
  });
  const Symbol node("n1");
  measure("apiserver.pod_bind", n, [&](std::size_t i) {
    Request request = about(Verb::kCreate, *pods[i]);
    request.subresource = Subresource::kBinding;
    request.node = node;
    pods[i] = w.call(std::move(request));
  });
  const Time now = w.env.now();
  measure("apiserver.pod_status_update", n, [&](std::size_t i) {
    auto pod = make_ref<api::Pod>(static_cast<const api::Pod&>(*pods[i]));
    run_pod(*pod, now);
    Request request = about(Verb::kUpdate, *pod);
    request.subresource = Subresource::kStatus;
    request.object = std::move(pod);
    pods[i] = w.call(std::move(request));
  });
  measure("apiserver.pod_delete_graceful", n,
          [&](std::size_t i) { pods[i] = w.call(about(Verb::kDelete, *pods[i])); });
  measure("apiserver.pod_delete_final", n, [&](std::size_t i) {
    Request request = about(Verb::kDelete, *pods[i]);
    request.remove.grace_period_seconds = 0;
    request.remove.uid = pods[i]->meta.uid;
    w.call(std::move(request));
  });
  CHECK(w.store.table(api::KindId::kPod).empty());
}

void bench_replica_set_status(World& w, std::size_t n) {
  auto set = make_ref<api::ReplicaSet>();
  set->meta.namespace_ = Symbol("default");
  set->meta.name = Text("web");
  api::LabelSelector selector;
  selector.match_labels = {{Symbol("app"), Symbol("a")}};
  set->spec.selector = selector;
  set->spec.template_.metadata.labels = api::LabelSet(api::Labels({{Symbol("app"), Symbol("a")}}));
  set->spec.template_.spec = pod_spec();
  Request create = about(Verb::kCreate, *set);
  create.object = set;
  api::ObjectRef newest = w.call(std::move(create));
  measure("apiserver.replicaset_status_update", n, [&](std::size_t i) {
    auto next = make_ref<api::ReplicaSet>(static_cast<const api::ReplicaSet&>(*newest));
    next->status.replicas = static_cast<std::int32_t>(i + 1);
    Request request = about(Verb::kUpdate, *next);
    request.subresource = Subresource::kStatus;
    request.object = std::move(next);
    newest = w.call(std::move(request));
  });
}

void bench_lease(World& w, std::size_t n) {
  auto lease = make_ref<api::Lease>();
  lease->meta.namespace_ = Symbol("kube-node-lease");
  lease->meta.name = Text("n1");
  Request create = about(Verb::kCreate, *lease);
  create.object = lease;
  api::ObjectRef newest = w.call(std::move(create));
  measure("apiserver.lease_renewal", n, [&](std::size_t i) {
    auto next = make_ref<api::Lease>(static_cast<const api::Lease&>(*newest));
    next->renew_time = w.env.now() + std::chrono::seconds(i + 1);
    Request request = about(Verb::kUpdate, *next);
    request.object = std::move(next);
    newest = w.call(std::move(request));
  });
}

// A node's first registration: the whole way through defaults and validation, once a node.
void bench_nodes(World& w, std::size_t n) {
  measure("apiserver.node_create", n, [&](std::size_t i) {
    auto node = make_ref<api::Node>();
    node->meta.name = Text("node-" + std::to_string(i));
    node->meta.labels = api::LabelSet(
        api::Labels({{Symbol("kubernetes.io/hostname"), Symbol(node->meta.name.view())}}));
    node->spec.pod_cidr = Symbol("10.1.0.0/24");
    Request request = about(Verb::kCreate, *node);
    request.object = std::move(node);
    w.call(std::move(request));
  });
}

}  // namespace

void bench_apiserver(std::size_t pods) {
  World w;
  bench_pods(w, pods);
  bench_replica_set_status(w, pods);
  bench_lease(w, pods);
  bench_nodes(w, pods / 20);
}

}  // namespace orrery::bench
