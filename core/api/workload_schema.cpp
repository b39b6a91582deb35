// Field tables of apps/v1 and batch/v1.
#include "core/api/apps.h"
#include "core/api/batch.h"
#include "core/api/codec.h"

namespace orrery::api::codec {

template <>
const Structure& structure<WorkloadCondition>() {
  using T = WorkloadCondition;
  static const Structure kTable = make({
      always<&T::type>("type"), always<&T::status>("status"), field<&T::reason>("reason"),
      field<&T::message>("message"), field<&T::last_update_time>("lastUpdateTime"),
      field<&T::last_transition_time>("lastTransitionTime")});
  return kTable;
}

template <>
const Structure& structure<DeploymentSpec>() {
  using T = DeploymentSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::replicas>("replicas"), field<&T::selector>("selector"),
      always<&T::template_>("template"), field<&T::strategy_type>("strategy.type"),
      field<&T::max_unavailable>("strategy.rollingUpdate.maxUnavailable"),
      field<&T::max_surge>("strategy.rollingUpdate.maxSurge"),
      field<&T::min_ready_seconds>("minReadySeconds"),
      field<&T::revision_history_limit>("revisionHistoryLimit"), field<&T::paused>("paused"),
      field<&T::progress_deadline_seconds>("progressDeadlineSeconds")});
  return kTable;
}

template <>
const Structure& structure<DeploymentStatus>() {
  using T = DeploymentStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::observed_generation>("observedGeneration"), field<&T::replicas>("replicas"),
      field<&T::updated_replicas>("updatedReplicas"), field<&T::ready_replicas>("readyReplicas"),
      field<&T::available_replicas>("availableReplicas"),
      field<&T::unavailable_replicas>("unavailableReplicas"),
      field<&T::terminating_replicas>("terminatingReplicas"),
      field<&T::conditions>("conditions"), field<&T::collision_count>("collisionCount")});
  return kTable;
}

template <>
const Structure& structure<Deployment>() {
  using T = Deployment;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<ReplicaSetSpec>() {
  using T = ReplicaSetSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::replicas>("replicas"), field<&T::min_ready_seconds>("minReadySeconds"),
      field<&T::selector>("selector"), field<&T::template_>("template")});
  return kTable;
}

template <>
const Structure& structure<ReplicaSetStatus>() {
  using T = ReplicaSetStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::replicas>("replicas"),
      field<&T::fully_labeled_replicas>("fullyLabeledReplicas"),
      field<&T::ready_replicas>("readyReplicas"),
      field<&T::available_replicas>("availableReplicas"),
      field<&T::terminating_replicas>("terminatingReplicas"),
      field<&T::observed_generation>("observedGeneration"),
      field<&T::conditions>("conditions")});
  return kTable;
}

template <>
const Structure& structure<ReplicaSet>() {
  using T = ReplicaSet;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<StatefulSetSpec>() {
  using T = StatefulSetSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::replicas>("replicas"), field<&T::selector>("selector"),
      always<&T::template_>("template"),
      field<&T::volume_claim_templates>("volumeClaimTemplates"),
      always<&T::service_name>("serviceName"),
      field<&T::pod_management_policy>("podManagementPolicy"),
      field<&T::update_strategy_type>("updateStrategy.type"),
      field<&T::partition>("updateStrategy.rollingUpdate.partition"),
      field<&T::max_unavailable>("updateStrategy.rollingUpdate.maxUnavailable"),
      field<&T::revision_history_limit>("revisionHistoryLimit"),
      field<&T::min_ready_seconds>("minReadySeconds"),
      field<&T::pvc_when_deleted>("persistentVolumeClaimRetentionPolicy.whenDeleted"),
      field<&T::pvc_when_scaled>("persistentVolumeClaimRetentionPolicy.whenScaled"),
      field<&T::start_ordinal>("ordinals.start")});
  return kTable;
}

template <>
const Structure& structure<StatefulSetStatus>() {
  using T = StatefulSetStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::observed_generation>("observedGeneration"), always<&T::replicas>("replicas"),
      field<&T::ready_replicas>("readyReplicas"), field<&T::current_replicas>("currentReplicas"),
      field<&T::updated_replicas>("updatedReplicas"),
      always<&T::available_replicas>("availableReplicas"),
      field<&T::current_revision>("currentRevision"),
      field<&T::update_revision>("updateRevision"),
      field<&T::collision_count>("collisionCount"), field<&T::conditions>("conditions")});
  return kTable;
}

template <>
const Structure& structure<StatefulSet>() {
  using T = StatefulSet;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<DaemonSetSpec>() {
  using T = DaemonSetSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::selector>("selector"), always<&T::template_>("template"),
      field<&T::update_strategy_type>("updateStrategy.type"),
      field<&T::max_unavailable>("updateStrategy.rollingUpdate.maxUnavailable"),
      field<&T::max_surge>("updateStrategy.rollingUpdate.maxSurge"),
      field<&T::min_ready_seconds>("minReadySeconds"),
      field<&T::revision_history_limit>("revisionHistoryLimit")});
  return kTable;
}

template <>
const Structure& structure<DaemonSetStatus>() {
  using T = DaemonSetStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::current_number_scheduled>("currentNumberScheduled"),
      always<&T::number_misscheduled>("numberMisscheduled"),
      always<&T::desired_number_scheduled>("desiredNumberScheduled"),
      always<&T::number_ready>("numberReady"),
      field<&T::observed_generation>("observedGeneration"),
      field<&T::updated_number_scheduled>("updatedNumberScheduled"),
      field<&T::number_available>("numberAvailable"),
      field<&T::number_unavailable>("numberUnavailable"),
      field<&T::collision_count>("collisionCount"), field<&T::conditions>("conditions")});
  return kTable;
}

template <>
const Structure& structure<DaemonSet>() {
  using T = DaemonSet;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<ControllerRevision>() {
  using T = ControllerRevision;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::meta>("metadata"), field<&T::data>("data"), always<&T::revision>("revision")});
  return kTable;
}

template <>
const Structure& structure<PodFailurePolicyOnExitCodes>() {
  using T = PodFailurePolicyOnExitCodes;
  static const Structure kTable =
      make({field<&T::container_name>("containerName"), always<&T::operator_>("operator"),
            always<&T::values>("values")});
  return kTable;
}

template <>
const Structure& structure<PodConditionPattern>() {
  using T = PodConditionPattern;
  static const Structure kTable = make({always<&T::type>("type"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<PodFailurePolicyRule>() {
  using T = PodFailurePolicyRule;
  static const Structure kTable =
      make({always<&T::action>("action"), field<&T::on_exit_codes>("onExitCodes"),
            field<&T::on_pod_conditions>("onPodConditions")});
  return kTable;
}

template <>
const Structure& structure<SuccessPolicyRule>() {
  using T = SuccessPolicyRule;
  static const Structure kTable = make({field<&T::succeeded_indexes>("succeededIndexes"),
                                        field<&T::succeeded_count>("succeededCount")});
  return kTable;
}

static Structure job_spec_fields() {
  using T = JobSpec;
  return make_with_extra<&T::extra>({
      field<&T::parallelism>("parallelism"), field<&T::completions>("completions"),
      field<&T::active_deadline_seconds>("activeDeadlineSeconds"),
      field<&T::pod_failure_policy>("podFailurePolicy.rules"),
      field<&T::success_policy>("successPolicy.rules"),
      field<&T::backoff_limit>("backoffLimit"),
      field<&T::backoff_limit_per_index>("backoffLimitPerIndex"),
      field<&T::max_failed_indexes>("maxFailedIndexes"), field<&T::selector>("selector"),
      field<&T::manual_selector>("manualSelector"), always<&T::template_>("template"),
      field<&T::ttl_seconds_after_finished>("ttlSecondsAfterFinished"),
      field<&T::completion_mode>("completionMode"), field<&T::suspend>("suspend"),
      field<&T::pod_replacement_policy>("podReplacementPolicy")});
}

template <>
const Structure& structure<JobSpec>() {
  using T = JobSpec;
  static const Structure kTable = [] {
    Structure s = job_spec_fields();
    s.after_decode = [](const Json& from, void* object) {  // a policy without rules stays visible
      const auto policy = from.find("successPolicy");
      auto& spec = *static_cast<T*>(object);
      if (policy == from.end() || !policy->is_object() || !spec.success_policy.empty()) return;
      Json extra = spec.extra ? spec.extra.json() : Json::object();
      extra["successPolicy"] = *policy;
      spec.extra = RawRef(std::move(extra));
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<JobCondition>() {
  using T = JobCondition;
  static const Structure kTable = make({
      always<&T::type>("type"), always<&T::status>("status"), field<&T::reason>("reason"),
      field<&T::message>("message"), field<&T::last_probe_time>("lastProbeTime"),
      field<&T::last_transition_time>("lastTransitionTime")});
  return kTable;
}

template <>
const Structure& structure<UncountedTerminatedPods>() {
  using T = UncountedTerminatedPods;
  static const Structure kTable =
      make({field<&T::succeeded>("succeeded"), field<&T::failed>("failed")});
  return kTable;
}

template <>
const Structure& structure<JobStatus>() {
  using T = JobStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::conditions>("conditions"), field<&T::start_time>("startTime"),
      field<&T::completion_time>("completionTime"), field<&T::active>("active"),
      field<&T::succeeded>("succeeded"), field<&T::failed>("failed"),
      field<&T::terminating>("terminating"), field<&T::completed_indexes>("completedIndexes"),
      field<&T::failed_indexes>("failedIndexes"),
      field<&T::uncounted_terminated_pods>("uncountedTerminatedPods"),
      field<&T::ready>("ready")});
  return kTable;
}

template <>
const Structure& structure<Job>() {
  using T = Job;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

}  // namespace orrery::api::codec
