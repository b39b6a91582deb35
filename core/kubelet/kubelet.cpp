#include "core/kubelet/kubelet.h"

#include "core/kubelet/pod_worker.h"
#include "core/kubelet/prober.h"

namespace orrery::kubelet {

Kubelet::Kubelet(Env& env, Client& client, NodeRuntime& runtime, KubeletShared& shared,
                 Ref<const api::Node> node, PodSource* source, EventRecorder* recorder)
    : name_(node->meta.name.view()),
      host_(env, client, runtime, shared, recorder),
      registration_(host_),
      source_(source) {
  host_.node = std::move(node);
}

Kubelet::~Kubelet() { stop(); }

void Kubelet::start() {
  if (running_) return;
  running_ = true;
  host_.life = make_ref<KubeletLife>();
  host_.life->host = &host_;
  host_.allocatable = amounts_of(host_.node->status.allocatable);
  for (const api::NodeAddress& a : host_.node->status.addresses) {
    if (a.type == "InternalIP") host_.host_ip = a.address;
  }
  host_.runtime.set_events(this);
  registration_.start();
  list_runtime();
}

void Kubelet::stop() {
  if (!running_) return;
  running_ = false;
  if (source_) source_->unsubscribe(name_);
  registration_.stop();
  host_.life->host = nullptr;
  host_.frozen = false;
  host_.deferred.clear();
  host_.runtime.set_events(nullptr);
  // Timers find nobody, but would keep the loop busy.
  host_.pods.for_each([&](Uid, PodRecord& record) {
    Prober(host_, record).stop();
    if (record.work) host_.env.loop.cancel(record.work->wake);
  });
  host_.pods.clear();
  host_.used = {};
  host_.pods_admitted = 0;
  inventory_.reset();
  untold_.clear();
}

void Kubelet::freeze() { host_.frozen = true; }

void Kubelet::thaw() {
  if (!host_.frozen) return;
  host_.frozen = false;
  std::vector<Callback<void()>> waiting = std::move(host_.deferred);
  host_.deferred.clear();
  for (Callback<void()>& task : waiting) task();
  if (running_) registration_.resume();
}

void Kubelet::disconnect() {
  if (running_ && source_) source_->unsubscribe(name_);
}

void Kubelet::reconnect() {
  if (!running_) return;
  untold_ = host_.pods.uids();
  registration_.resume();
  if (source_) source_->subscribe(name_, *this);
}

void Kubelet::list_runtime() {
  host_.runtime.list(host_.guarded([this](PodHost&, const Result<NodeRuntime::Inventory>& answer) {
    if (answer.ok()) {
      listed(*answer);
    } else {
      host_.env.loop.after(host_.config().retry_period,
                           host_.guarded([this](PodHost&) { list_runtime(); }));
    }
  }));
}

void Kubelet::listed(NodeRuntime::Inventory inventory) {
  if (!inventory.sandboxes.empty()) {
    inventory_ = std::make_unique<NodeRuntime::Inventory>(std::move(inventory));
  }
  if (source_) source_->subscribe(name_, *this);
}

// While frozen, keeps the call for later.
template <class F>
bool Kubelet::deferred(F f) {
  if (!host_.frozen) return false;
  host_.deferred.push_back(std::move(f));
  return true;
}

void Kubelet::on_pod_added(Ref<const api::Pod> pod) {
  if (!running_ || deferred([this, pod] { on_pod_added(pod); })) return;
  const Uid uid = pod->meta.uid;
  if (!untold_.empty()) std::erase(untold_, uid);
  if (host_.pods.find(uid)) {
    on_pod_updated(std::move(pod));
    return;
  }
  const bool terminal = api::is_terminal(*pod);
  const bool deleted = pod->meta.is_being_deleted();
  PodRecord& record = host_.pods.insert(uid, new_record(std::move(pod), host_.now()));
  PodWorker worker(host_, record);
  if (adopt_from_inventory(record)) {
    worker.sync();
  } else if (terminal && !deleted) {
    host_.pods.erase(uid);  // its story is over and nothing of it is left here
  } else if (terminal) {
    record.stage = PodStage::kRejected;
    worker.sync();
  } else {
    if (!deleted) worker.admit();
    if (record.stage != PodStage::kRejected) worker.sync();
  }
}

bool Kubelet::adopt_from_inventory(PodRecord& record) {
  if (!inventory_) return false;
  const Uid uid = record.pod->meta.uid;
  const SandboxStatus* newest = nullptr;
  for (auto& [sandbox, pod] : inventory_->sandboxes) {
    if (sandbox.pod_uid == uid && (!newest || sandbox.attempt > newest->attempt)) newest = &sandbox;
  }
  if (!newest) return false;
  std::vector<RuntimeContainer> own;
  for (const RuntimeContainer& c : inventory_->containers) {
    if (c.sandbox_id == newest->id) own.push_back(c);
  }
  const SandboxStatus sandbox = *newest;
  std::erase_if(inventory_->sandboxes, [&](const auto& s) { return s.first.id == sandbox.id; });
  PodWorker(host_, record).adopt(sandbox, own);
  return true;
}

void Kubelet::on_pod_updated(Ref<const api::Pod> pod) {
  if (!running_ || deferred([this, pod] { on_pod_updated(pod); })) return;
  if (PodRecord* record = host_.pods.find(pod->meta.uid)) {
    PodWorker(host_, *record).updated(std::move(pod));
  } else {
    on_pod_added(std::move(pod));
  }
}

void Kubelet::on_pod_removed(Ref<const api::Pod> pod) {
  if (!running_ || deferred([this, pod] { on_pod_removed(pod); })) return;
  if (PodRecord* record = host_.pods.find(pod->meta.uid)) PodWorker(host_, *record).removed();
}

void Kubelet::on_pods_synced() {
  if (!running_ || deferred([this] { on_pods_synced(); })) return;
  if (inventory_) stop_orphans();
  const std::vector<Uid> gone = std::exchange(untold_, {});
  for (const Uid uid : gone) {
    if (PodRecord* record = host_.pods.find(uid)) PodWorker(host_, *record).removed();
  }
}

// What runs for pods that are gone from the API or were bound elsewhere.
void Kubelet::stop_orphans() {
  for (const auto& [sandbox, pod] : inventory_->sandboxes) {
    host_.runtime.stop_pod_sandbox(sandbox.id,
                                   host_.guarded([id = sandbox.id](PodHost& host, const Status&) {
                                     host.runtime.remove_pod_sandbox(id, {});
                                   }));
  }
  inventory_.reset();
}

void Kubelet::on_node_updated(Ref<const api::Node> node) {
  if (!running_ || deferred([this, node] { on_node_updated(node); })) return;
  registration_.node_changed(std::move(node));
}

void Kubelet::on_container_exit(const ContainerEvent& event) {
  if (!running_ || deferred([this, event] { on_container_exit(event); })) return;
  PodRecord* record = host_.pods.find(event.container.pod_uid);
  if (!record) return;
  for (std::size_t i = 0; i < record->containers.size(); ++i) {
    if (record->containers[i].id == event.container.id) {
      PodWorker(host_, *record).container_exited(i, event.container);
      return;
    }
  }
}

void Kubelet::on_sandbox_gone(const Text& sandbox_id) {
  if (!running_ || deferred([this, sandbox_id] { on_sandbox_gone(sandbox_id); })) return;
  for (const Uid uid : host_.pods.uids()) {
    PodRecord* record = host_.pods.find(uid);
    if (record && record->sandbox_id == sandbox_id) {
      PodWorker(host_, *record).sandbox_gone();
      return;
    }
  }
}

void Kubelet::on_probe_changed(const Text& container_id) {
  if (!running_ || deferred([this, container_id] { on_probe_changed(container_id); })) return;
  host_.pods.for_each([&](Uid, PodRecord& record) {
    for (std::size_t i = 0; i < record.containers.size(); ++i) {
      if (record.containers[i].id == container_id) Prober(host_, record).answers_changed(i);
    }
  });
}

std::size_t Kubelet::memory_bytes() const {
  std::size_t bytes = sizeof(*this);
  host_.pods.for_each([&](Uid, const PodRecord& record) {
    bytes += sizeof(Uid) + sizeof(void*) + sizeof(PodRecord);
    bytes += record.containers.capacity() * sizeof(ContainerRecord);
    if (record.work) bytes += sizeof(PodWork);
    if (record.probes) bytes += record.probes->capacity() * sizeof(ProbeWorker);
    for (const ContainerRecord& c : record.containers) {
      if (c.trouble) bytes += sizeof(ContainerTrouble);
    }
  });
  return bytes;
}

}  // namespace orrery::kubelet
