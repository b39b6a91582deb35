#include "core/api/kind_registry.h"

#include "core/api/apps.h"
#include "core/api/batch.h"
#include "core/api/codec.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/service.h"
#include "core/api/storage.h"
#include "core/base/check.h"

namespace orrery::api {
namespace {

template <class T>
KindInfo row(std::string_view group, std::string_view version, std::string_view kind,
             std::string_view resource, bool namespaced = true) {
  return {T::kKind,
          Symbol(group),
          Symbol(version),
          Symbol(kind),
          Symbol(resource),
          namespaced,
          &codec::structure<T>(),
          [] { return Ref<Object>(new T); }};
}

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

}  // namespace

std::string KindInfo::api_version() const {
  return group.empty() ? version.str() : group.str() + "/" + version.str();
}

std::string KindInfo::group_resource() const {
  return group.empty() ? resource.str() : resource.str() + "." + group.str();
}

Kinds::Kinds() {
  rows_ = {
      row<Pod>("", "v1", "Pod", "pods"),
      row<Node>("", "v1", "Node", "nodes", false),
      row<Namespace>("", "v1", "Namespace", "namespaces", false),
      row<Service>("", "v1", "Service", "services"),
      row<EndpointSlice>("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
      row<Deployment>("apps", "v1", "Deployment", "deployments"),
      row<ReplicaSet>("apps", "v1", "ReplicaSet", "replicasets"),
      row<StatefulSet>("apps", "v1", "StatefulSet", "statefulsets"),
      row<DaemonSet>("apps", "v1", "DaemonSet", "daemonsets"),
      row<Job>("batch", "v1", "Job", "jobs"),
      row<ControllerRevision>("apps", "v1", "ControllerRevision", "controllerrevisions"),
      row<ConfigMap>("", "v1", "ConfigMap", "configmaps"),
      row<Secret>("", "v1", "Secret", "secrets"),
      row<ServiceAccount>("", "v1", "ServiceAccount", "serviceaccounts"),
      row<PersistentVolume>("", "v1", "PersistentVolume", "persistentvolumes", false),
      row<PersistentVolumeClaim>("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
      row<StorageClass>("storage.k8s.io", "v1", "StorageClass", "storageclasses", false),
      row<PriorityClass>("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false),
      row<PodDisruptionBudget>("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
      row<Event>("", "v1", "Event", "events"),
      row<Lease>("coordination.k8s.io", "v1", "Lease", "leases"),
  };
  for (std::size_t i = 0; i < rows_.size(); ++i) CHECK(rows_[i].id == static_cast<KindId>(i));
  CHECK(rows_.size() == static_cast<std::size_t>(KindId::kTypedCount));
}

KindId Kinds::add(std::string_view group, std::string_view version, std::string_view kind,
                  std::string_view resource, bool namespaced) {
  for (const KindInfo& k : rows_) {
    if (k.group == group && k.kind == kind) return k.id;
  }
  KindInfo info;
  info.id = static_cast<KindId>(rows_.size());
  info.group = Symbol(group);
  info.version = Symbol(version);
  info.kind = Symbol(kind);
  info.resource = Symbol(resource);
  info.namespaced = namespaced;
  rows_.push_back(info);
  return info.id;
}

void Kinds::set_custom(KindId id, std::string_view version, bool has_status) {
  KindInfo& row = rows_[static_cast<std::size_t>(id)];
  CHECK(!row.structure);
  row.version = Symbol(version);
  row.custom = true;
  row.custom_status = has_status;
}

const KindInfo& Kinds::info(KindId id) const {
  const auto i = static_cast<std::size_t>(id);
  CHECK(i < rows_.size());
  return rows_[i];
}

const KindInfo* Kinds::find(std::string_view api_version, std::string_view kind) const {
  const std::string_view group = group_of(api_version);
  const std::string_view version =
      group.empty() ? api_version : api_version.substr(group.size() + 1);
  for (const KindInfo& k : rows_) {
    if (k.kind == kind && k.group == group && k.version == version) return &k;
  }
  return nullptr;
}

const KindInfo* Kinds::find_resource(std::string_view group, std::string_view resource) const {
  for (const KindInfo& k : rows_) {
    if (k.resource == resource && k.group == group) return &k;
  }
  return nullptr;
}

}  // namespace orrery::api
