#include "core/apiserver/strategy.h"

#include <nlohmann/json.hpp>

#include "core/api/apps.h"
#include "core/api/batch.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/service.h"
#include "core/api/storage.h"

namespace orrery::apiserver {
namespace {

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
Strategy with_status(bool generation = true) {
  return {generation, copy_status<T>, same_spec<T>, false};
}

bool same_pod(const Object& a, const Object& b) {
  return in<api::Pod>(a).node_name == in<api::Pod>(b).node_name && same_spec<api::Pod>(a, b);
}

// The part of `extra` under "status" moves with the status of kinds that flatten it.
api::RawRef with_status_of(const api::RawRef& base, const api::RawRef& status_source) {
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
  return x.endpoints == y.endpoints && x.ports == y.ports && x.address_type == y.address_type;
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

}  // namespace

const Strategy& strategy_of(api::KindId kind) {
  using api::KindId;
  static const Strategy kNone{};
  static const Strategy kTrusted{false, nullptr, nullptr, true};
  static const Strategy kSlice{true, nullptr, same_slice, true};
  static const Strategy kPod{true, copy_status<api::Pod>, same_pod, false};
  static const Strategy kNode = with_status<api::Node>(false);
  static const Strategy kService = with_status<api::Service>(false);
  static const Strategy kNamespace{false, copy_namespace_status, nullptr, false};
  static const Strategy kVolume{false, copy_volume_status, nullptr, false};
  static const Strategy kClaim{false, copy_claim_status, nullptr, false};
  static const Strategy kDeployment = with_status<api::Deployment>();
  static const Strategy kReplicaSet = with_status<api::ReplicaSet>();
  static const Strategy kStatefulSet = with_status<api::StatefulSet>();
  static const Strategy kDaemonSet = with_status<api::DaemonSet>();
  static const Strategy kJob = with_status<api::Job>();
  static const Strategy kBudget = with_status<api::PodDisruptionBudget>();
  static const Strategy kDynamic{false, copy_dynamic_status, same_dynamic_spec, false};
  switch (kind) {
    case KindId::kPod: return kPod;
    case KindId::kNode: return kNode;
    case KindId::kNamespace: return kNamespace;
    case KindId::kService: return kService;
    case KindId::kEndpointSlice: return kSlice;
    case KindId::kDeployment: return kDeployment;
    case KindId::kReplicaSet: return kReplicaSet;
    case KindId::kStatefulSet: return kStatefulSet;
    case KindId::kDaemonSet: return kDaemonSet;
    case KindId::kJob: return kJob;
    case KindId::kPodDisruptionBudget: return kBudget;
    case KindId::kPersistentVolume: return kVolume;
    case KindId::kPersistentVolumeClaim: return kClaim;
    case KindId::kEvent:
    case KindId::kLease:
    case KindId::kControllerRevision: return kTrusted;
    default: return kind < KindId::kTypedCount ? kNone : kDynamic;
  }
}

}  // namespace orrery::apiserver
