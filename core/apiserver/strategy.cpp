#include "core/apiserver/strategy.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/api/apps.h"
#include "core/api/batch.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/service.h"
#include "core/api/storage.h"

namespace orrery::apiserver {
namespace {

using api::KindId;
using api::Object;

template <class T>
const T& in(const Object& o) {
  return static_cast<const T&>(o);
}
template <class T>
T& in(Object& o) {
  return static_cast<T&>(o);
}

template <class T>
void copy_status(Object& to, const Object& from) {
  in<T>(to).status = in<T>(from).status;
}
template <class T>
bool same_spec(const Object& a, const Object& b) {
  return in<T>(a).spec == in<T>(b).spec && in<T>(a).extra == in<T>(b).extra;
}
template <class T>
bool same_body(const Object& a, const Object& b) {
  return in<T>(a).status == in<T>(b).status && same_spec<T>(a, b);
}
template <class T>
bool same_template(const Object& a, const Object& b) {
  const auto& x = in<T>(a).spec;
  const auto& y = in<T>(b).spec;
  return x.template_ == y.template_ && x.selector == y.selector;
}

template <class T>
Strategy with_status(bool generation = true) {
  Strategy s;
  s.tracks_generation = generation;
  s.copy_status = copy_status<T>;
  s.same_spec = s.same_checked = same_spec<T>;
  s.same_body = same_body<T>;
  return s;
}
template <class T>
Strategy workload() {
  Strategy s = with_status<T>();
  s.same_checked = same_template<T>;
  return s;
}

bool same_pod_spec(const Object& a, const Object& b) {
  return in<api::Pod>(a).node_name == in<api::Pod>(b).node_name && same_spec<api::Pod>(a, b);
}
bool same_pod(const Object& a, const Object& b) {
  return in<api::Pod>(a).node_name == in<api::Pod>(b).node_name && same_body<api::Pod>(a, b);
}

// The part of `extra` under "status" moves with the status of kinds that flatten it.
api::RawRef with_status_of(const api::RawRef& base, const api::RawRef& status_source) {
  if (!base && !status_source) return {};
  nlohmann::json merged = base ? base.json() : nlohmann::json::object();
  merged.erase("status");
  if (status_source && status_source.json().contains("status")) {
    merged["status"] = status_source.json()["status"];
  }
  return merged.empty() ? api::RawRef() : api::RawRef(std::move(merged));
}

void copy_namespace_status(Object& to, const Object& from) {
  auto& t = in<api::Namespace>(to);
  t.phase = in<api::Namespace>(from).phase;
  t.extra = with_status_of(t.extra, in<api::Namespace>(from).extra);
}

void copy_volume_status(Object& to, const Object& from) {
  auto& t = in<api::PersistentVolume>(to);
  t.phase = in<api::PersistentVolume>(from).phase;
  t.extra = with_status_of(t.extra, in<api::PersistentVolume>(from).extra);
}

void copy_claim_status(Object& to, const Object& from) {
  auto& t = in<api::PersistentVolumeClaim>(to);
  const auto& f = in<api::PersistentVolumeClaim>(from);
  t.phase = f.phase;
  t.status_access_modes = f.status_access_modes;
  t.status_capacity = f.status_capacity;
  t.extra = with_status_of(t.extra, f.extra);
}

bool same_slice(const Object& a, const Object& b) {
  const auto& x = in<api::EndpointSlice>(a);
  const auto& y = in<api::EndpointSlice>(b);
  return x.endpoints == y.endpoints && x.ports == y.ports && x.address_type == y.address_type &&
         x.extra == y.extra;
}

bool same_lease(const Object& a, const Object& b) {
  const auto& x = in<api::Lease>(a);
  const auto& y = in<api::Lease>(b);
  return x.renew_time == y.renew_time && x.acquire_time == y.acquire_time &&
         x.holder_identity == y.holder_identity &&
         x.lease_duration_seconds == y.lease_duration_seconds &&
         x.lease_transitions == y.lease_transitions && x.extra == y.extra;
}

bool same_event(const Object& a, const Object& b) {
  const auto& x = in<api::Event>(a);
  const auto& y = in<api::Event>(b);
  return x.count == y.count && x.last_timestamp == y.last_timestamp && x.reason == y.reason &&
         x.message == y.message && x.type == y.type && x.involved_object == y.involved_object &&
         x.first_timestamp == y.first_timestamp && x.event_time == y.event_time &&
         x.action == y.action && x.source_component == y.source_component &&
         x.source_host == y.source_host && x.reporting_component == y.reporting_component &&
         x.reporting_instance == y.reporting_instance && x.extra == y.extra;
}

bool same_revision(const Object& a, const Object& b) {
  const auto& x = in<api::ControllerRevision>(a);
  const auto& y = in<api::ControllerRevision>(b);
  return x.revision == y.revision && x.data == y.data && x.extra == y.extra;
}

void copy_dynamic_status(Object& to, const Object& from) {
  auto& t = in<api::Dynamic>(to);
  t.body = with_status_of(t.body, in<api::Dynamic>(from).body);
}

bool same_dynamic_spec(const Object& a, const Object& b) {
  const auto body = [](const Object& o) {
    const api::RawRef& raw = in<api::Dynamic>(o).body;
    nlohmann::json document = raw ? raw.json() : nlohmann::json::object();
    document.erase("status");
    return document;
  };
  return body(a) == body(b);
}

bool same_dynamic(const Object& a, const Object& b) {
  return in<api::Dynamic>(a).body == in<api::Dynamic>(b).body;
}

Strategy trusted(bool (*same)(const Object&, const Object&), bool generation = false) {
  Strategy s;
  s.tracks_generation = generation;
  s.same_spec = s.same_body = same;
  s.trusted = true;
  return s;
}

Strategy returning_deleted(Strategy s) {
  s.returns_deleted = true;
  return s;
}

Strategy flat_status(void (*copy)(Object&, const Object&)) {
  Strategy s;
  s.copy_status = copy;
  return s;
}

std::array<Strategy, static_cast<std::size_t>(KindId::kTypedCount)> typed_strategies() {
  std::array<Strategy, static_cast<std::size_t>(KindId::kTypedCount)> rows;
  const auto set = [&](KindId kind, Strategy s) { rows[static_cast<std::size_t>(kind)] = s; };
  Strategy pod = returning_deleted(with_status<api::Pod>());
  pod.same_spec = pod.same_checked = same_pod_spec;
  pod.same_body = same_pod;
  pod.graceful = true;
  set(KindId::kPod, pod);
  set(KindId::kNode, with_status<api::Node>(false));
  set(KindId::kNamespace, flat_status(copy_namespace_status));
  set(KindId::kService, returning_deleted(with_status<api::Service>(false)));
  Strategy slice = trusted(same_slice, true);
  slice.same_counted_meta = [](const api::ObjectMeta& a, const api::ObjectMeta& b) {
    return a.labels == b.labels;
  };
  set(KindId::kEndpointSlice, slice);
  Strategy deployment = workload<api::Deployment>();
  deployment.same_counted_meta = [](const api::ObjectMeta& a, const api::ObjectMeta& b) {
    return a.annotations == b.annotations;
  };
  set(KindId::kDeployment, deployment);
  set(KindId::kReplicaSet, workload<api::ReplicaSet>());
  set(KindId::kStatefulSet, workload<api::StatefulSet>());
  set(KindId::kDaemonSet, workload<api::DaemonSet>());
  set(KindId::kJob, workload<api::Job>());
  set(KindId::kControllerRevision, trusted(same_revision));
  set(KindId::kServiceAccount, returning_deleted({}));
  set(KindId::kPersistentVolume, returning_deleted(flat_status(copy_volume_status)));
  set(KindId::kPersistentVolumeClaim, returning_deleted(flat_status(copy_claim_status)));
  set(KindId::kStorageClass, returning_deleted({}));
  Strategy priority;
  priority.tracks_generation = true;
  set(KindId::kPriorityClass, priority);
  set(KindId::kPodDisruptionBudget, with_status<api::PodDisruptionBudget>());
  set(KindId::kEvent, trusted(same_event));
  set(KindId::kLease, trusted(same_lease));
  return rows;
}

struct DynamicRow {
  std::string_view group, kind;
  bool tracks_generation;
  bool returns_deleted;
};
// Kinds without a struct whose registry counts generations or answers deletes with the object.
constexpr DynamicRow kDynamicRows[] = {
    {"", "PodTemplate", true, true},
    {"", "ReplicationController", true, false},
    {"", "ResourceQuota", false, true},
    {"admissionregistration.k8s.io", "MutatingAdmissionPolicy", true, false},
    {"admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", true, false},
    {"admissionregistration.k8s.io", "MutatingWebhookConfiguration", true, false},
    {"admissionregistration.k8s.io", "ValidatingAdmissionPolicy", true, false},
    {"admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", true, false},
    {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration", true, false},
    {"apiextensions.k8s.io", "CustomResourceDefinition", true, false},
    {"batch", "CronJob", true, false},
    {"flowcontrol.apiserver.k8s.io", "FlowSchema", true, false},
    {"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", true, false},
    {"networking.k8s.io", "Ingress", true, false},
    {"networking.k8s.io", "IngressClass", true, false},
    {"networking.k8s.io", "NetworkPolicy", true, false},
    {"resource.k8s.io", "DeviceClass", true, false},
    {"resource.k8s.io", "ResourceSlice", true, false},
    {"storage.k8s.io", "CSIDriver", false, true},
    {"storage.k8s.io", "CSINode", false, true},
    {"storage.k8s.io", "CSIStorageCapacity", false, true},
    {"storage.k8s.io", "VolumeAttachment", false, true},
};

Strategy dynamic_strategy(bool tracks_generation, bool returns_deleted) {
  Strategy s;
  s.tracks_generation = tracks_generation;
  s.copy_status = copy_dynamic_status;
  s.same_spec = same_dynamic_spec;
  s.same_body = same_dynamic;
  s.returns_deleted = returns_deleted;
  return s;
}

}  // namespace

const Strategy& strategy_of(const api::KindInfo& info) {
  static const auto kTyped = typed_strategies();
  if (info.id < KindId::kTypedCount) return kTyped[static_cast<std::size_t>(info.id)];
  static const Strategy kPlain = dynamic_strategy(false, false);
  static const Strategy kReturned = dynamic_strategy(false, true);
  static const Strategy kCounted = dynamic_strategy(true, false);
  static const Strategy kBoth = dynamic_strategy(true, true);
  if (info.custom) {
    static const Strategy kWithStatus = dynamic_strategy(true, false);
    static const Strategy kWhole = [] {
      Strategy s = dynamic_strategy(true, false);
      s.copy_status = nullptr;
      s.same_spec = same_dynamic;
      return s;
    }();
    return info.custom_status ? kWithStatus : kWhole;
  }
  for (const DynamicRow& row : kDynamicRows) {
    if (!(info.kind == row.kind) || !(info.group == row.group)) continue;
    if (row.tracks_generation) return row.returns_deleted ? kBoth : kCounted;
    return row.returns_deleted ? kReturned : kPlain;
  }
  return kPlain;
}

void drop_server_fields(api::ObjectMeta& meta, bool keeps_managers) {
  if (!meta.extra) return;
  const nlohmann::json& extra = meta.extra.json();
  if (!extra.contains("selfLink") && (keeps_managers || !extra.contains("managedFields"))) return;
  nlohmann::json rest = extra;
  if (!keeps_managers) rest.erase("managedFields");
  rest.erase("selfLink");
  meta.extra = rest.empty() ? api::RawRef() : api::RawRef(std::move(rest));
}

void keep_managers(api::ObjectMeta& meta, const api::ObjectMeta& old) {
  if (meta.extra == old.extra) return;
  nlohmann::json rest = meta.extra ? meta.extra.json() : nlohmann::json::object();
  rest.erase("managedFields");
  if (old.extra && old.extra.json().contains("managedFields")) {
    rest["managedFields"] = old.extra.json()["managedFields"];
  }
  meta.extra = rest.empty() ? api::RawRef() : api::RawRef(std::move(rest));
}

}  // namespace orrery::apiserver
