// KubeletWorld: one kubelet on one simulated node against a small API that keeps pods, nodes and
// leases, checks resourceVersions and tells the kubelet of changes. For the tests of kubelet and
// container model.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/kubelet/kubelet.h"
#include "sim/clock/sim_driver.h"
#include "sim/container_model/container_model.h"

namespace orrery::kubelet {

inline constexpr Time kStart{std::chrono::seconds(1'767'225'600)};

class TinyApi final : public Client {
 public:
  explicit TinyApi(Env& env) : env_(env) {}
  void call(Request request, Callback<void(Response)> done) override {
    env_.loop.after(1ms, [this, request = std::move(request), done = std::move(done)]() mutable {
      Response response = handle(request);
      if (done) done(std::move(response));
    });
  }
  std::unique_ptr<Watch> watch(WatchRequest, WatchSink&) override { return nullptr; }

  template <class T>
  const T* find(const std::string& name) const {
    const auto it = objects.find({T::kKind, name});
    return it == objects.end() ? nullptr : static_cast<const T*>(it->second.get());
  }
  void put(Ref<api::Object> object);
  void erase(const api::Object& object);
  Response handle(const Request& request);

  std::map<std::pair<api::KindId, std::string>, api::ObjectRef> objects;
  std::vector<Ref<const api::Pod>> pod_history;  // each stored state of any pod
  std::vector<std::string> events;               // "Reason: message"
  int status_writes = 0;
  int conflicts_to_come = 0;
  bool unreachable = false;
  PodSink* sink = nullptr;

 private:
  Response update(const Request& request);
  Env& env_;
  api::Revision revision_ = 100;
};

inline void TinyApi::put(Ref<api::Object> object) {
  object->meta.resource_version = ++revision_;
  const auto key = std::make_pair(object->kind, object->meta.name.str());
  const bool known = objects.count(key) > 0;
  objects[key] = object;
  if (object->kind != api::KindId::kPod) return;
  Ref<const api::Pod> pod(static_cast<const api::Pod*>(object.get()));
  pod_history.push_back(pod);
  env_.loop.post([this, pod, known] {
    if (!sink) return;
    if (known) {
      sink->on_pod_updated(pod);
    } else {
      sink->on_pod_added(pod);
    }
  });
}

inline void TinyApi::erase(const api::Object& object) {
  const auto it = objects.find({object.kind, object.meta.name.str()});
  const api::ObjectRef last = it->second;
  objects.erase(it);
  if (last->kind != api::KindId::kPod) return;
  Ref<const api::Pod> pod(static_cast<const api::Pod*>(last.get()));
  env_.loop.post([this, pod] {
    if (sink) sink->on_pod_removed(pod);
  });
}

inline Response TinyApi::update(const Request& request) {
  Response out;
  const auto it = objects.find({request.kind, request.name.str()});
  if (it == objects.end()) {
    out.status = not_found("objects", request.name.view());
    return out;
  }
  if (conflicts_to_come > 0 ||
      request.object->meta.resource_version != it->second->meta.resource_version) {
    if (conflicts_to_come > 0) --conflicts_to_come;
    out.status = conflict("objects", request.name.view(), "the object has been modified");
    return out;
  }
  if (request.kind == api::KindId::kPod) ++status_writes;
  put(request.object->clone());
  out.object = objects[{request.kind, request.name.str()}];
  return out;
}

inline Response TinyApi::handle(const Request& request) {
  Response out;
  if (unreachable) {
    out.status = Status(Reason::kServiceUnavailable, "no route to host");
    return out;
  }
  const auto it = objects.find({request.kind, request.name.str()});
  switch (request.verb) {
    case Verb::kCreate:
      if (const auto* event = api::as<api::Event>(request.object.get())) {
        events.push_back(event->reason.str() + ": " + event->message.str());
        return out;
      }
      if (it != objects.end()) {
        out.status = already_exists("objects", request.name.view());
        return out;
      }
      put(request.object->clone());
      out.object = objects[{request.kind, request.name.str()}];
      return out;
    case Verb::kUpdate:
      if (request.kind == api::KindId::kEvent) return out;
      return update(request);
    case Verb::kDelete:
    case Verb::kGet:
      if (it == objects.end()) {
        out.status = not_found("objects", request.name.view());
        return out;
      }
      out.object = it->second;
      if (request.verb == Verb::kDelete) {
        if (!(request.remove.uid == out.object->meta.uid)) {
          out.status = conflict("objects", request.name.view(), "uid differs");
        } else {
          erase(*out.object);
        }
      }
      return out;
    default:
      out.status = bad_request("not in this API");
      return out;
  }
}

inline Ref<const api::Node> small_node(std::int64_t pods_max = 110) {
  auto node = make_ref<api::Node>();
  node->meta.name = "n1";
  node->meta.labels = api::LabelSet(api::Labels({{Symbol("disk"), Symbol("ssd")}}));
  node->status.allocatable.set(Symbol("cpu"), api::Quantity::from_value(4));
  node->status.allocatable.set(Symbol("memory"), api::Quantity::from_value(8ll << 30));
  node->status.allocatable.set(Symbol("pods"), api::Quantity::from_value(pods_max));
  node->status.capacity = node->status.allocatable;
  node->status.addresses = {{Symbol("InternalIP"), Text("10.0.0.7")}};
  return node;
}

inline sim::ContainerModelConfig steady_times() {
  sim::ContainerModelConfig c;
  c.sandbox = {100ms, 100ms};
  c.container = {100ms, 100ms};
  c.stop = {100ms, 100ms};
  c.command = {100ms, 100ms};
  c.pull_overhead = {1s, 1s};
  c.pull_per_gib = 0s;
  c.job_run_time = {20s, 20s};
  return c;
}

class KubeletWorld {
 public:
  explicit KubeletWorld(sim::ContainerModelConfig model_config = steady_times(),
                        KubeletConfig config = {}, Ref<const api::Node> node = small_node())
      : shared(config),
        model_shared(std::move(model_config)),
        model(env, model_shared, "n1"),
        recorder(env, api, Symbol("kubelet")),
        kubelet(env, api, model, shared, std::move(node), nullptr, &recorder) {
    model.set_pod_cidr("10.244.1.0/24");
    model.add_image(Symbol("app:1"));
    api.sink = &kubelet;
    kubelet.start();
    run(10ms);
    kubelet.on_pods_synced();
  }
  void run(Duration d) { loop.run(loop.now() + d); }

  /// A pod with containers `names`, all of image app:1, not stored yet.
  static Ref<api::Pod> pod(const std::string& name, std::vector<std::string> names = {"c"},
                           const char* restart_policy = "Always");
  static api::Container container(const std::string& name);
  void add(Ref<api::Pod> p) { api.put(std::move(p)); }
  /// What DELETE with this grace period does to a bound pod.
  void remove(const std::string& name, std::int64_t grace);
  const api::Pod* get(const std::string& name) const { return api.find<api::Pod>(name); }
  std::string phase(const std::string& name) const { return get(name)->status.phase.str(); }
  const api::ContainerStatus& c(const std::string& pod_name, std::size_t i = 0) const {
    return get(pod_name)->status.container_statuses[i];
  }
  const api::ContainerStatus& init(const std::string& pod_name, std::size_t i = 0) const {
    return get(pod_name)->status.init_container_statuses[i];
  }
  std::string condition(const std::string& name, const char* type) const {
    const api::PodCondition* found = find_condition(get(name)->status, type);
    if (!found) return "absent";
    return found->status.str() + (found->reason.empty() ? "" : " " + found->reason.str()) +
           (found->message.empty() ? "" : ": " + found->message.str());
  }
  bool has_event(const std::string& text) const {
    for (const std::string& e : api.events) {
      if (e == text) return true;
    }
    return false;
  }
  Duration now() const { return loop.now() - kStart; }

  sim::SimDriver driver{kStart};
  EventLoop loop{driver};
  Random random{7};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  TinyApi api{env};
  KubeletShared shared;
  sim::ContainerModelShared model_shared;
  sim::ContainerModel model;
  EventRecorder recorder;
  Kubelet kubelet;
};

inline api::Container KubeletWorld::container(const std::string& name) {
  api::Container c;
  c.name = Symbol(name);
  c.image = Symbol("app:1");
  c.image_pull_policy = Symbol("IfNotPresent");
  return c;
}

inline Ref<api::Pod> KubeletWorld::pod(const std::string& name, std::vector<std::string> names,
                                       const char* restart_policy) {
  auto p = make_ref<api::Pod>();
  p->meta.namespace_ = Symbol("default");
  p->meta.name = name;
  p->meta.uid = Uid::parse("uid of " + name);
  p->meta.generation = 1;
  p->node_name = Symbol("n1");
  api::PodSpec spec;
  for (const std::string& each : names) spec.containers.edit().push_back(container(each));
  spec.restart_policy = Symbol(restart_policy);
  spec.termination_grace_period_seconds = 30;
  p->spec = api::Shared<api::PodSpec>(std::move(spec));
  p->status.phase = Symbol("Pending");
  p->status.qos_class = Symbol("BestEffort");
  return p;
}

inline void KubeletWorld::remove(const std::string& name, std::int64_t grace) {
  auto changed = Ref<api::Pod>(new api::Pod(*get(name)));
  changed->meta.deletion_timestamp = truncate_to_second(loop.now()) + std::chrono::seconds(grace);
  changed->meta.deletion_grace_period_seconds = grace;
  api.put(std::move(changed));
}

inline api::Shared<api::Probe> http_probe(std::int32_t period, std::int32_t failures = 3,
                                          std::int32_t delay = 0, std::int32_t successes = 1) {
  api::Probe p;
  p.http_get = api::HttpGetAction{};
  p.period_seconds = period;
  p.failure_threshold = failures;
  p.success_threshold = successes;
  p.initial_delay_seconds = delay;
  p.timeout_seconds = 1;
  return p;
}

}  // namespace orrery::kubelet
