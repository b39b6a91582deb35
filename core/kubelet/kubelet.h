// Kubelet: the agent of one node: runs the pods bound to it through a NodeRuntime and tells the API
// how they are. Made by the composition root, one a node; up to 50,000 live in one process, so an
// idle one holds little and no timer. Rule: it must outlive the runtime's events and its source's
// calls; after stop() callbacks still on their way find nobody.
//
//     source -> on_pod_added/updated/removed -> PodWorker -> NodeRuntime
//     NodeRuntime -> exits, probes           -> PodWorker -> status, DELETE -> Client
#pragma once

#include "core/kubelet/node_registration.h"
#include "core/kubelet/pod_host.h"
#include "core/kubelet/pod_source.h"

namespace orrery::kubelet {

class Kubelet final : public PodSink, private NodeRuntimeEvents {
 public:
  /// `node` is what is registered: name, labels, taints, capacity, allocatable, addresses, nodeInfo
  /// (see node_info()). `recorder` and `source` may be null; without a source the caller feeds pods
  /// itself and calls on_pods_synced().
  Kubelet(Env& env, Client& client, NodeRuntime& runtime, KubeletShared& shared,
          Ref<const api::Node> node, PodSource* source = nullptr,
          EventRecorder* recorder = nullptr);
  ~Kubelet();
  Kubelet(const Kubelet&) = delete;
  Kubelet& operator=(const Kubelet&) = delete;

  /// The process starts: takes over what the runtime has, registers, subscribes to its source.
  void start();
  /// The process dies: nothing is written any more and everything is forgotten.
  void stop();
  /// The machine hangs: nothing is done or answered until thaw(), which catches up.
  void freeze();
  void thaw();

  /// The API server is out of reach (its calls fail): the source is silent, containers run on.
  void disconnect();
  /// It is back: posts node status and lease at once and subscribes again. Pods that are not told
  /// until on_pods_synced() are gone. Without a source the caller tells all pods again.
  void reconnect();

  void on_pod_added(Ref<const api::Pod> pod) override;
  void on_pod_updated(Ref<const api::Pod> pod) override;
  void on_pod_removed(Ref<const api::Pod> pod) override;
  void on_pods_synced() override;
  /// The Node object changed in the API: labels, taints, conditions.
  void on_node_updated(Ref<const api::Node> node);

  bool is_running() const { return running_; }
  bool is_registered() const { return registration_.is_registered(); }
  Symbol node_name() const { return name_; }
  /// Pods it knows of, in any stage.
  std::size_t pod_count() const { return host_.pods.size(); }
  /// Bytes held for pods: for benchmarks.
  std::size_t memory_bytes() const;

 private:
  void on_container_exit(const ContainerEvent& event) override;
  void on_sandbox_gone(const Text& sandbox_id) override;
  void on_probe_changed(const Text& container_id) override;
  void list_runtime();
  void listed(NodeRuntime::Inventory inventory);
  void stop_orphans();
  bool adopt_from_inventory(PodRecord& record);
  template <class F>
  bool deferred(F f);

  const Symbol name_;
  PodHost host_;
  NodeRegistration registration_;
  PodSource* source_;
  std::unique_ptr<NodeRuntime::Inventory> inventory_;  // from before; until the source has synced
  std::vector<Uid> untold_;  // after reconnect(): known pods that were not told again, sorted
  bool running_ = false;
};

}  // namespace orrery::kubelet
