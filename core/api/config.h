// ConfigMap, Secret, ServiceAccount (core/v1), PriorityClass (scheduling.k8s.io/v1),
// PodDisruptionBudget (policy/v1), Lease (coordination.k8s.io/v1) and Event (core/v1).
#pragma once

#include "core/api/object.h"
#include "core/api/service.h"
#include "core/api/values/int_or_string.h"
#include "core/api/values/selector.h"

namespace orrery::api {

struct ConfigMap final : ObjectOf<ConfigMap, KindId::kConfigMap> {
  TextMap data;
  std::optional<bool> immutable;
  RawRef extra;  // binaryData
};

struct Secret final : ObjectOf<Secret, KindId::kSecret> {
  TextMap data;  // values in base64, as on the wire
  Symbol type;
  std::optional<bool> immutable;
  RawRef extra;  // stringData until the server folds it into data
};

struct ServiceAccount final : ObjectOf<ServiceAccount, KindId::kServiceAccount> {
  std::optional<bool> automount_service_account_token;
  RawRef extra;  // secrets, imagePullSecrets
};

struct PriorityClass final : ObjectOf<PriorityClass, KindId::kPriorityClass> {
  std::int32_t value = 0;
  bool global_default = false;
  Text description;
  std::optional<Symbol> preemption_policy;
  RawRef extra;
};

struct MetaCondition {
  Symbol type;
  Symbol status;
  std::int64_t observed_generation = 0;
  Time last_transition_time;
  Symbol reason;
  Text message;
  bool operator==(const MetaCondition&) const = default;
};

struct PodDisruptionBudgetSpec {
  std::optional<IntOrString> min_available;
  std::optional<IntOrString> max_unavailable;
  Shared<LabelSelector> selector;
  std::optional<Symbol> unhealthy_pod_eviction_policy;
  RawRef extra;
  bool operator==(const PodDisruptionBudgetSpec&) const = default;
};

struct PodDisruptionBudgetStatus {
  std::int64_t observed_generation = 0;
  List<std::pair<Text, Time>> disrupted_pods;
  std::int32_t disruptions_allowed = 0;
  std::int32_t current_healthy = 0;
  std::int32_t desired_healthy = 0;
  std::int32_t expected_pods = 0;
  List<MetaCondition> conditions;
  RawRef extra;
  bool operator==(const PodDisruptionBudgetStatus&) const = default;
};

struct PodDisruptionBudget final : ObjectOf<PodDisruptionBudget, KindId::kPodDisruptionBudget> {
  PodDisruptionBudgetSpec spec;
  PodDisruptionBudgetStatus status;
  RawRef extra;
};

struct Lease final : ObjectOf<Lease, KindId::kLease> {
  std::optional<Text> holder_identity;  // spec
  std::optional<std::int32_t> lease_duration_seconds;
  Time acquire_time;  // MicroTime
  Time renew_time;    // MicroTime
  std::optional<std::int32_t> lease_transitions;
  RawRef extra;
};

struct Event final : ObjectOf<Event, KindId::kEvent> {
  ObjectReference involved_object;
  Symbol reason;
  Text message;
  Symbol type;  // Normal, Warning
  Symbol source_component;
  Symbol source_host;
  Time first_timestamp;
  Time last_timestamp;
  std::int32_t count = 0;
  Time event_time;  // MicroTime
  Symbol action;
  Symbol reporting_component;
  Text reporting_instance;
  RawRef extra;
};

}  // namespace orrery::api
