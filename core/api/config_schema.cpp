// Field tables of the small kinds: configuration, policy, storage, leases, events.
#include "core/api/codec.h"
#include "core/api/config.h"
#include "core/api/storage.h"

namespace orrery::api::codec {
namespace {

// status.disruptedPods: pod name -> time.
constexpr TypeOps kDisruptedPods = {
    [](const Json& from, void* to, Decoder& d) {
      if (!from.is_object()) return d.fail("map[string]time", from);
      auto& items = static_cast<List<std::pair<Text, Time>>*>(to)->edit();
      for (const auto& [name, value] : from.items()) {
        Time time;
        Ops<Time>::table.decode(value, &time, d);
        items.emplace_back(Text(name), time);
      }
    },
    [](const void* from, Json& to) {
      to = Json::object();
      for (const auto& [name, time] : *static_cast<const List<std::pair<Text, Time>>*>(from)) {
        to[name.str()] = format_rfc3339(time);
      }
    },
    [](const void* value) {
      return static_cast<const List<std::pair<Text, Time>>*>(value)->empty();
    }};

}  // namespace

template <>
const Structure& structure<ConfigMap>() {
  using T = ConfigMap;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::meta>("metadata"), field<&T::data>("data"), field<&T::immutable>("immutable")});
  return kTable;
}

template <>
const Structure& structure<Secret>() {
  using T = Secret;
  static const Structure kTable =
      make_with_extra<&T::extra>({always<&T::meta>("metadata"), field<&T::data>("data"),
                                  field<&T::type>("type"), field<&T::immutable>("immutable")});
  return kTable;
}

template <>
const Structure& structure<ServiceAccount>() {
  using T = ServiceAccount;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::meta>("metadata"),
      field<&T::automount_service_account_token>("automountServiceAccountToken")});
  return kTable;
}

template <>
const Structure& structure<PriorityClass>() {
  using T = PriorityClass;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::meta>("metadata"), always<&T::value>("value"),
      field<&T::global_default>("globalDefault"), field<&T::description>("description"),
      field<&T::preemption_policy>("preemptionPolicy")});
  return kTable;
}

template <>
const Structure& structure<PodDisruptionBudgetSpec>() {
  using T = PodDisruptionBudgetSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::min_available>("minAvailable"), field<&T::max_unavailable>("maxUnavailable"),
      field<&T::selector>("selector"),
      field<&T::unhealthy_pod_eviction_policy>("unhealthyPodEvictionPolicy")});
  return kTable;
}

template <>
const Structure& structure<PodDisruptionBudgetStatus>() {
  using T = PodDisruptionBudgetStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::observed_generation>("observedGeneration"),
      field_as<&T::disrupted_pods>("disruptedPods", kDisruptedPods),
      always<&T::disruptions_allowed>("disruptionsAllowed"),
      always<&T::current_healthy>("currentHealthy"),
      always<&T::desired_healthy>("desiredHealthy"), always<&T::expected_pods>("expectedPods"),
      field<&T::conditions>("conditions")});
  return kTable;
}

template <>
const Structure& structure<PodDisruptionBudget>() {
  using T = PodDisruptionBudget;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<Lease>() {
  using T = Lease;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>(
        {always<&T::meta>("metadata"), field<&T::holder_identity>("spec.holderIdentity"),
         field<&T::lease_duration_seconds>("spec.leaseDurationSeconds"),
         field_as<&T::acquire_time>("spec.acquireTime", kMicroTime),
         field_as<&T::renew_time>("spec.renewTime", kMicroTime),
         field<&T::lease_transitions>("spec.leaseTransitions")});
    s.after_encode = [](const void*, Json& to) {  // Go writes the empty struct
      if (!to.contains("spec")) to["spec"] = Json::object();
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<Event>() {
  using T = Event;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>({
        always<&T::meta>("metadata"), always<&T::involved_object>("involvedObject"),
        field<&T::reason>("reason"), field<&T::message>("message"), field<&T::type>("type"),
        field<&T::source_component>("source.component"), field<&T::source_host>("source.host"),
        field<&T::first_timestamp>("firstTimestamp"), field<&T::last_timestamp>("lastTimestamp"),
        field<&T::count>("count"), field_as<&T::event_time>("eventTime", kMicroTime),
        field<&T::action>("action"), always<&T::reporting_component>("reportingComponent"),
        always<&T::reporting_instance>("reportingInstance")});
    s.after_encode = [](const void*, Json& to) {  // what Go writes although it is empty
      for (const char* key : {"eventTime", "firstTimestamp", "lastTimestamp"}) {
        to.emplace(key, nullptr);
      }
      to.emplace("source", Json::object());
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<PersistentVolumeSpec>() {
  using T = PersistentVolumeSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::capacity>("capacity"), field<&T::access_modes>("accessModes"),
      field<&T::claim_ref>("claimRef"),
      field<&T::persistent_volume_reclaim_policy>("persistentVolumeReclaimPolicy"),
      field<&T::storage_class_name>("storageClassName"), field<&T::volume_mode>("volumeMode"),
      field<&T::node_affinity_required>("nodeAffinity.required")});
  return kTable;
}

template <>
const Structure& structure<PersistentVolume>() {
  using T = PersistentVolume;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), field<&T::phase>("status.phase")});
  return kTable;
}

template <>
const Structure& structure<PersistentVolumeClaimSpec>() {
  using T = PersistentVolumeClaimSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::access_modes>("accessModes"), field<&T::selector>("selector"),
      always<&T::resources>("resources"), field<&T::volume_name>("volumeName"),
      field<&T::storage_class_name>("storageClassName"),
      field<&T::volume_mode>("volumeMode")});
  return kTable;
}

template <>
const Structure& structure<PersistentVolumeClaim>() {
  using T = PersistentVolumeClaim;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::meta>("metadata"), always<&T::spec>("spec"), field<&T::phase>("status.phase"),
      field<&T::status_access_modes>("status.accessModes"),
      field<&T::status_capacity>("status.capacity")});
  return kTable;
}

template <>
const Structure& structure<StorageClass>() {
  using T = StorageClass;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::meta>("metadata"), always<&T::provisioner>("provisioner"),
      field<&T::reclaim_policy>("reclaimPolicy"),
      field<&T::volume_binding_mode>("volumeBindingMode"),
      field<&T::allow_volume_expansion>("allowVolumeExpansion")});
  return kTable;
}

}  // namespace orrery::api::codec
