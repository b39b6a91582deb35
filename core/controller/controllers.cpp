#include "core/controller/controllers.h"

#include <algorithm>

#include "core/controller/daemonset_controller.h"
#include "core/controller/deployment_controller.h"
#include "core/controller/disruption_controller.h"
#include "core/controller/endpoint_slice_controller.h"
#include "core/controller/garbage_collector.h"
#include "core/controller/job_controller.h"
#include "core/controller/namespace_controller.h"
#include "core/controller/node_lifecycle_controller.h"
#include "core/controller/pod_gc_controller.h"
#include "core/controller/replicaset_controller.h"
#include "core/controller/resourcequota_controller.h"
#include "core/controller/root_ca_publisher.h"
#include "core/controller/service_account_controller.h"
#include "core/controller/statefulset_controller.h"
#include "core/controller/taint_eviction_controller.h"

namespace orrery::controller {
namespace {

std::vector<api::KindId> default_collected(const api::Kinds& kinds) {
  std::vector<api::KindId> out;
  for (const api::KindInfo& info : kinds.all()) {
    if (info.id < api::KindId::kTypedCount && info.id != api::KindId::kEvent &&
        info.id != api::KindId::kLease) {
      out.push_back(info.id);
    }
  }
  return out;
}

std::vector<api::KindId> default_namespaced(const api::Kinds& kinds) {
  std::vector<api::KindId> out;
  for (const api::KindInfo& info : kinds.all()) {
    if (info.namespaced) out.push_back(info.id);
  }
  return out;
}

}  // namespace

ControllerManager::ControllerManager(Env& env, Client& client, Informers& informers,
                                     const api::Kinds& kinds, ControllerOptions options)
    : env_(env),
      client_(client),
      informers_(informers),
      options_(std::move(options)),
      pods_(informers),
      sets_(informers) {
  make_workloads(kinds);
  make_node_controllers();
  make_cleaners(kinds);
  informers_.on_synced([this, alive = alive_] {
    if (*alive) begin();
  });
}

ControllerManager::~ControllerManager() { *alive_ = false; }

std::vector<std::string> ControllerManager::names() {
  return {"deployment", "garbage-collector",     "namespace",
          "replicaset", "pod-garbage-collector", "serviceaccount",
          "endpointslice", "node-lifecycle", "taint-eviction",
          "daemonset", "job", "statefulset", "disruption", "resourcequota",
          "root-ca-certificate-publisher"};
}

std::vector<std::string> ControllerManager::unknown_names(const ControllerOptions& options) {
  std::vector<std::string> out = options.enabled;
  for (const std::string& name : names()) std::erase(out, name);
  return out;
}

bool ControllerManager::is_enabled(std::string_view name) const {
  const auto& wanted = options_.enabled;
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

void ControllerManager::add(std::unique_ptr<Reconciler> controller) {
  controllers_.push_back(std::move(controller));
}

template <class C>
void ControllerManager::add_with_events(std::unique_ptr<C> controller) {
  controller->events().set_enabled(options_.write_events);
  add(std::move(controller));
}

void ControllerManager::make_workloads(const api::Kinds&) {
  if (is_enabled("replicaset")) {
    ReplicaSetController::Options options;
    options.status_batch = options_.status_batch;
    add_with_events(
        std::make_unique<ReplicaSetController>(env_, client_, pods_, sets_, options));
  }
  if (is_enabled("deployment")) {
    add_with_events(
        std::make_unique<DeploymentController>(env_, client_, informers_, pods_, sets_));
  }
}

void ControllerManager::make_node_controllers() {
  if (is_enabled("endpointslice")) {
    EndpointSliceController::Options options;
    if (options_.status_batch > options.min_interval) options.min_interval = options_.status_batch;
    add(std::make_unique<EndpointSliceController>(env_, client_, informers_, pods_, options));
  }
  if (is_enabled("daemonset")) {
    DaemonSetController::Options options;
    options.batch = options_.status_batch;
    add_with_events(
        std::make_unique<DaemonSetController>(env_, client_, informers_, pods_, options));
  }
  if (is_enabled("job")) {
    add_with_events(std::make_unique<JobController>(env_, client_, informers_, pods_,
                                                    JobController::Options{}));
  }
  if (is_enabled("statefulset")) {
    add_with_events(
        std::make_unique<StatefulSetController>(env_, client_, informers_, pods_));
  }
  if (is_enabled("disruption")) {
    add_with_events(
        std::make_unique<DisruptionController>(env_, client_, informers_, pods_));
  }
  if (is_enabled("node-lifecycle")) {
    add_with_events(std::make_unique<NodeLifecycleController>(
        env_, client_, informers_, pods_, NodeLifecycleController::Options{}));
  }
  if (is_enabled("taint-eviction")) {
    add_with_events(
        std::make_unique<TaintEvictionController>(env_, client_, informers_, pods_));
  }
}

void ControllerManager::make_cleaners(const api::Kinds& kinds) {
  if (is_enabled("namespace")) {
    add(std::make_unique<NamespaceController>(
        env_, client_, informers_,
        options_.namespaced_kinds.empty() ? default_namespaced(kinds) : options_.namespaced_kinds,
        kinds));
  }
  if (is_enabled("serviceaccount")) {
    add(std::make_unique<ServiceAccountController>(env_, client_, informers_));
  }
  if (!options_.root_ca_pem.empty() && is_enabled("root-ca-certificate-publisher")) {
    add(std::make_unique<RootCaPublisher>(env_, client_, informers_, options_.root_ca_pem));
  }
  if (is_enabled("pod-garbage-collector")) {
    add(std::make_unique<PodGcController>(env_, client_, informers_, pods_,
                                          PodGcController::Options{}));
  }
  if (is_enabled("garbage-collector")) {
    collector_ = std::make_unique<GarbageCollector>(
        env_, client_, informers_, kinds,
        options_.collected_kinds.empty() ? default_collected(kinds) : options_.collected_kinds);
    collector_->events().set_enabled(options_.write_events);
  }
  const api::KindInfo* quota = kinds.find("v1", "ResourceQuota");
  if (quota && is_enabled("resourcequota")) {
    add(std::make_unique<ResourceQuotaController>(env_, client_, informers_, pods_, kinds,
                                                  quota->id));
  }
}

void ControllerManager::begin() {
  for (const std::unique_ptr<Reconciler>& controller : controllers_) controller->start();
  if (collector_) collector_->begin();
}

}  // namespace orrery::controller
