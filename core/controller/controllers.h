// ControllerManager: makes the controllers that a cluster runs (kube-controller-manager), by name,
// over one set of informers, and starts them once these have synced. The owner makes it, then
// starts the informers; destroying it stops all controllers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/client/informer.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"
#include "core/controller/replicaset_cache.h"

namespace orrery {
class EventRecorder;
}

namespace orrery::controller {

class GarbageCollector;

struct ControllerOptions {
  /// Upstream's names ("deployment", "replicaset", ...); empty: all that there are.
  std::vector<std::string> enabled;
  /// Off: controllers write no Events (large simulations).
  bool write_events = true;
  /// Readiness changes of pods wait this long before the owner's status is written; 0 as upstream.
  Duration status_batch{};
  /// Kinds that the garbage collector watches; empty: all typed kinds but Event and Lease.
  std::vector<api::KindId> collected_kinds;
  /// Kinds that go with their namespace; empty: all namespaced kinds of the registry.
  std::vector<api::KindId> namespaced_kinds;
  /// The certificate of the cluster's CA, for ConfigMap kube-root-ca.crt in each namespace; empty:
  /// there is none (root-ca-certificate-publisher is off).
  std::string root_ca_pem;
};

class ControllerManager {
 public:
  /// Everything given outlives the manager; `informers` must not have been started yet.
  ControllerManager(Env& env, Client& client, Informers& informers, const api::Kinds& kinds,
                    ControllerOptions options);
  ~ControllerManager();
  /// Names of all controllers that can be enabled.
  static std::vector<std::string> names();
  /// What was asked for but does not exist: for the caller's error message.
  static std::vector<std::string> unknown_names(const ControllerOptions& options);

 private:
  bool is_enabled(std::string_view name) const;
  void add(std::unique_ptr<Reconciler> controller);
  template <class C>
  void add_with_events(std::unique_ptr<C> controller);
  void make_workloads(const api::Kinds& kinds);
  void make_node_controllers();
  void make_cleaners(const api::Kinds& kinds);
  void begin();

  Env& env_;
  Client& client_;
  Informers& informers_;
  ControllerOptions options_;
  PodCache pods_;
  ReplicaSetCache sets_;
  std::vector<std::unique_ptr<Reconciler>> controllers_;
  std::unique_ptr<GarbageCollector> collector_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::controller
