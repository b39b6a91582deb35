#include "sim/cluster/node_fleet.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/hash.h"
#include "core/client/typed_client.h"

namespace orrery::sim {
namespace {

constexpr Duration kRenewPeriod = 10s;

// Between the shared source and one kubelet: while shut, nothing gets through. The kubelet
// subscribes anew when it is connected again and is told everything then.
class Gate final : public kubelet::PodSink {
 public:
  explicit Gate(kubelet::PodSink& inner) : inner_(inner) {}

  void on_pod_added(Ref<const api::Pod> pod) override {
    if (!shut_) inner_.on_pod_added(std::move(pod));
  }
  void on_pod_updated(Ref<const api::Pod> pod) override {
    if (!shut_) inner_.on_pod_updated(std::move(pod));
  }
  void on_pod_removed(Ref<const api::Pod> pod) override {
    if (!shut_) inner_.on_pod_removed(std::move(pod));
  }
  void on_pods_synced() override {
    if (!shut_) inner_.on_pods_synced();
  }
  void shut() { shut_ = true; }

 private:
  kubelet::PodSink& inner_;
  bool shut_ = false;
};

}  // namespace

// The shared source with a gate for each kubelet that subscribes.
class NodeFleet::GatedSource final : public kubelet::PodSource {
 public:
  explicit GatedSource(Informer<api::Pod> pods) : inner_(pods) {}
  void subscribe(Symbol node, kubelet::PodSink& sink) override {
    auto& gate = gates_[node.id()];
    gate = std::make_unique<Gate>(sink);
    inner_.subscribe(node, *gate);
  }
  void unsubscribe(Symbol node) override {
    inner_.unsubscribe(node);
    gates_.erase(node.id());
  }
  void shut(Symbol node) {
    if (const auto it = gates_.find(node.id()); it != gates_.end()) it->second->shut();
  }

 private:
  kubelet::SharedPodSource inner_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Gate>> gates_;  // lookup only
};

struct NodeFleet::Machine {
  Machine(NodeFleet& fleet, NodePlan plan)
      : name(plan.node->meta.name.view()),
        model(fleet.env_, fleet.shared_, name.view()),
        link(fleet.env_, fleet.client_),
        kubelet(fleet.env_, link, model, fleet.kubelets_, plan.node, fleet.source_.get(),
                fleet.recorder_) {
    CHECK(model.set_pod_cidr(plan.node->spec.pod_cidr.view()));
    for (const std::string& image : plan.images) model.add_image(Symbol(image));
  }
  Symbol name;
  ContainerModel model;
  NodeLink link;
  kubelet::Kubelet kubelet;
  State state = State::kUp;
};

NodeFleet::NodeFleet(Env& env, Client& client, Informers& informers, Options options,
                     EventRecorder* recorder)
    : env_(env),
      client_(client),
      nodes_(informers.get<api::Node>()),
      shared_(std::move(options.model)),
      kubelets_(options.kubelet),
      recorder_(recorder),
      source_(std::make_unique<GatedSource>(informers.get<api::Pod>())) {
  nodes_.on_change([this](const Ref<const api::Node>&, const Ref<const api::Node>& now) {
    if (!now) return;
    Machine* machine = find(Symbol::find(now->meta.name.view()));
    if (machine && machine->state == State::kUp) machine->kubelet.on_node_updated(now);
  });
}

NodeFleet::~NodeFleet() = default;

void NodeFleet::add(NodePlan plan) {
  machines_.push_back(std::make_unique<Machine>(*this, std::move(plan)));
  by_name_[machines_.back()->name.id()] = machines_.back().get();
}

void NodeFleet::start() {
  for (auto& machine : machines_) machine->kubelet.start();
}

NodeFleet::Machine* NodeFleet::find(Symbol node) const {
  const auto it = by_name_.find(node.id());
  return it == by_name_.end() ? nullptr : it->second;
}

void NodeFleet::crash(Symbol node) {
  Machine* m = find(node);
  if (!m || m->state == State::kCrashed) return;
  bring_back(*m);
  m->state = State::kCrashed;
  m->model.crash();
  m->kubelet.stop();
  stop_lease(*m);
}

void NodeFleet::hang(Symbol node) {
  Machine* m = find(node);
  if (!m || m->state != State::kUp) return;
  m->state = State::kHung;
  m->model.hang();
  m->kubelet.freeze();
  stop_lease(*m);
}

void NodeFleet::cut_off(Symbol node) {
  Machine* m = find(node);
  if (!m || m->state != State::kUp) return;
  m->state = State::kCutOff;
  m->kubelet.disconnect();
  m->link.cut();
  source_->shut(node);
  stop_lease(*m);
}

void NodeFleet::reconnect(Symbol node) {
  Machine* m = find(node);
  if (m && m->state == State::kCutOff) bring_back(*m);
}

void NodeFleet::recover(Symbol node) {
  Machine* m = find(node);
  if (!m) return;
  m->model.slow_down(1);
  bring_back(*m);
}

void NodeFleet::bring_back(Machine& machine) {
  Machine* m = &machine;
  const State was = m->state;
  m->state = State::kUp;
  switch (was) {
    case State::kUp:
      return;
    case State::kCrashed:
      m->model.boot();
      m->kubelet.start();
      return;
    case State::kHung:
      m->model.resume();
      m->kubelet.thaw();
      break;
    case State::kCutOff:
      m->link.restore();
      m->kubelet.reconnect();
      break;
  }
  if (const Ref<const api::Node> now = nodes_.find(Symbol(), m->name.view())) {
    m->kubelet.on_node_updated(now);
  }
}

// Heartbeats are not simulated one by one: the lease says that its holder renews it. When the
// holder cannot any more, its last renewal is written down; each node renews at an offset of its
// own.
void NodeFleet::stop_lease(const Machine& machine) {
  if (!kubelets_.config.self_renewing_lease) return;
  const Duration offset{static_cast<std::int64_t>(
      hash_text(machine.name.view()) % static_cast<std::uint64_t>(kRenewPeriod.count()))};
  const Duration since = (env_.now().time_since_epoch() - offset) % kRenewPeriod;
  const Time renewed = env_.now() - since;
  const nlohmann::json document = {
      {"metadata", {{"annotations", {{kubelet::kRenewsEveryAnnotation, nullptr}}}}},
      {"spec", {{"renewTime", format_rfc3339_micro(renewed)}}}};
  Request request;
  request.verb = orrery::Verb::kPatch;
  request.patch_type = PatchType::kMerge;
  request.kind = api::KindId::kLease;
  request.namespace_ = Symbol("kube-node-lease");
  request.name = Text(machine.name.view());
  request.document = api::RawRef(document);
  client_.call(std::move(request), {});
}

void NodeFleet::slow_down(Symbol node, double factor) {
  if (Machine* m = find(node)) m->model.slow_down(factor);
}

void NodeFleet::fail_pulls(std::string_view pattern, bool failing) {
  auto& all = shared_.failing_images;
  std::erase(all, pattern);
  if (failing) all.emplace_back(pattern);
}

void NodeFleet::end_container(Symbol node, Uid pod, Symbol container, std::int32_t code) {
  if (Machine* m = find(node)) m->model.end_container(pod, container, code);
}

std::size_t NodeFleet::memory_bytes() const {
  std::size_t total = machines_.capacity() * sizeof(machines_[0]);
  for (const auto& m : machines_) {
    total += sizeof(Machine) + m->model.memory_bytes() + m->kubelet.memory_bytes();
  }
  return total;
}

}  // namespace orrery::sim
