// Deployment, ReplicaSet, StatefulSet, DaemonSet, ControllerRevision (apps/v1).
#pragma once

#include "core/api/object.h"
#include "core/api/pod_spec.h"

namespace orrery::api {

/// The condition of Deployments, ReplicaSets, StatefulSets and DaemonSets; only Deployments use
/// last_update_time.
struct WorkloadCondition {
  Symbol type;
  Symbol status;
  Symbol reason;
  Text message;
  Time last_update_time;
  Time last_transition_time;
  bool operator==(const WorkloadCondition&) const = default;
};

const WorkloadCondition* find_condition(const List<WorkloadCondition>& conditions,
                                        std::string_view type);

struct DeploymentSpec {
  std::optional<std::int32_t> replicas;
  Shared<LabelSelector> selector;
  PodTemplateSpec template_;
  Symbol strategy_type;  // strategy.type: RollingUpdate, Recreate
  std::optional<IntOrString> max_unavailable;
  std::optional<IntOrString> max_surge;
  std::int32_t min_ready_seconds = 0;
  std::optional<std::int32_t> revision_history_limit;
  bool paused = false;
  std::optional<std::int32_t> progress_deadline_seconds;
  RawRef extra;
  bool operator==(const DeploymentSpec&) const = default;
};

struct DeploymentStatus {
  std::int64_t observed_generation = 0;
  std::int32_t replicas = 0;
  std::int32_t updated_replicas = 0;
  std::int32_t ready_replicas = 0;
  std::int32_t available_replicas = 0;
  std::int32_t unavailable_replicas = 0;
  std::optional<std::int32_t> terminating_replicas;
  List<WorkloadCondition> conditions;
  std::optional<std::int32_t> collision_count;
  RawRef extra;
  bool operator==(const DeploymentStatus&) const = default;
};

struct Deployment final : ObjectOf<Deployment, KindId::kDeployment> {
  DeploymentSpec spec;
  DeploymentStatus status;
  RawRef extra;
};

struct ReplicaSetSpec {
  std::optional<std::int32_t> replicas;
  std::int32_t min_ready_seconds = 0;
  Shared<LabelSelector> selector;
  PodTemplateSpec template_;
  RawRef extra;
  bool operator==(const ReplicaSetSpec&) const = default;
};

struct ReplicaSetStatus {
  std::int32_t replicas = 0;
  std::int32_t fully_labeled_replicas = 0;
  std::int32_t ready_replicas = 0;
  std::int32_t available_replicas = 0;
  std::optional<std::int32_t> terminating_replicas;
  std::int64_t observed_generation = 0;
  List<WorkloadCondition> conditions;
  RawRef extra;
  bool operator==(const ReplicaSetStatus&) const = default;
};

struct ReplicaSet final : ObjectOf<ReplicaSet, KindId::kReplicaSet> {
  ReplicaSetSpec spec;
  ReplicaSetStatus status;
  RawRef extra;
};

struct StatefulSetSpec {
  std::optional<std::int32_t> replicas;
  Shared<LabelSelector> selector;
  PodTemplateSpec template_;
  List<RawRef> volume_claim_templates;  // PersistentVolumeClaim documents
  Text service_name;
  Symbol pod_management_policy;  // OrderedReady, Parallel
  Symbol update_strategy_type;   // RollingUpdate, OnDelete
  std::optional<std::int32_t> partition;
  std::optional<IntOrString> max_unavailable;
  std::optional<std::int32_t> revision_history_limit;
  std::int32_t min_ready_seconds = 0;
  std::optional<Symbol> pvc_when_deleted;  // persistentVolumeClaimRetentionPolicy
  std::optional<Symbol> pvc_when_scaled;
  std::optional<std::int32_t> start_ordinal;  // ordinals.start
  RawRef extra;
  bool operator==(const StatefulSetSpec&) const = default;
};

struct StatefulSetStatus {
  std::int64_t observed_generation = 0;
  std::int32_t replicas = 0;
  std::int32_t ready_replicas = 0;
  std::int32_t current_replicas = 0;
  std::int32_t updated_replicas = 0;
  std::int32_t available_replicas = 0;
  Text current_revision;
  Text update_revision;
  std::optional<std::int32_t> collision_count;
  List<WorkloadCondition> conditions;
  RawRef extra;
  bool operator==(const StatefulSetStatus&) const = default;
};

struct StatefulSet final : ObjectOf<StatefulSet, KindId::kStatefulSet> {
  StatefulSetSpec spec;
  StatefulSetStatus status;
  RawRef extra;
};

struct DaemonSetSpec {
  Shared<LabelSelector> selector;
  PodTemplateSpec template_;
  Symbol update_strategy_type;
  std::optional<IntOrString> max_unavailable;
  std::optional<IntOrString> max_surge;
  std::int32_t min_ready_seconds = 0;
  std::optional<std::int32_t> revision_history_limit;
  RawRef extra;
  bool operator==(const DaemonSetSpec&) const = default;
};

struct DaemonSetStatus {
  std::int32_t current_number_scheduled = 0;
  std::int32_t number_misscheduled = 0;
  std::int32_t desired_number_scheduled = 0;
  std::int32_t number_ready = 0;
  std::int64_t observed_generation = 0;
  std::int32_t updated_number_scheduled = 0;
  std::int32_t number_available = 0;
  std::int32_t number_unavailable = 0;
  std::optional<std::int32_t> collision_count;
  List<WorkloadCondition> conditions;
  RawRef extra;
  bool operator==(const DaemonSetStatus&) const = default;
};

struct DaemonSet final : ObjectOf<DaemonSet, KindId::kDaemonSet> {
  DaemonSetSpec spec;
  DaemonSetStatus status;
  RawRef extra;
};

struct ControllerRevision final : ObjectOf<ControllerRevision, KindId::kControllerRevision> {
  RawRef data;
  std::int64_t revision = 0;
  RawRef extra;
};

}  // namespace orrery::api
