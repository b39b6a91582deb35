// Job (batch/v1).
#pragma once

#include "core/api/object.h"
#include "core/api/pod_spec.h"

namespace orrery::api {

struct PodFailurePolicyOnExitCodes {
  std::optional<Symbol> container_name;
  Symbol operator_;  // In, NotIn
  List<std::int32_t> values;
  bool operator==(const PodFailurePolicyOnExitCodes&) const = default;
};

struct PodConditionPattern {
  Symbol type;
  Symbol status;
  bool operator==(const PodConditionPattern&) const = default;
};

struct PodFailurePolicyRule {
  Symbol action;  // FailJob, FailIndex, Ignore, Count
  Shared<PodFailurePolicyOnExitCodes> on_exit_codes;
  List<PodConditionPattern> on_pod_conditions;
  bool operator==(const PodFailurePolicyRule&) const = default;
};

struct SuccessPolicyRule {
  std::optional<Text> succeeded_indexes;
  std::optional<std::int32_t> succeeded_count;
  bool operator==(const SuccessPolicyRule&) const = default;
};

struct JobSpec {
  std::optional<std::int32_t> parallelism;
  std::optional<std::int32_t> completions;
  std::optional<std::int64_t> active_deadline_seconds;
  List<PodFailurePolicyRule> pod_failure_policy;  // podFailurePolicy.rules
  List<SuccessPolicyRule> success_policy;         // successPolicy.rules
  std::optional<std::int32_t> backoff_limit;
  std::optional<std::int32_t> backoff_limit_per_index;
  std::optional<std::int32_t> max_failed_indexes;
  Shared<LabelSelector> selector;
  std::optional<bool> manual_selector;
  PodTemplateSpec template_;
  std::optional<std::int32_t> ttl_seconds_after_finished;
  std::optional<Symbol> completion_mode;  // NonIndexed, Indexed
  std::optional<bool> suspend;
  std::optional<Symbol> pod_replacement_policy;
  RawRef extra;
  bool operator==(const JobSpec&) const = default;
};

struct JobCondition {
  Symbol type;
  Symbol status;
  Symbol reason;
  Text message;
  Time last_probe_time;
  Time last_transition_time;
  bool operator==(const JobCondition&) const = default;
};

struct UncountedTerminatedPods {
  List<Uid> succeeded;
  List<Uid> failed;
  bool operator==(const UncountedTerminatedPods&) const = default;
};

struct JobStatus {
  List<JobCondition> conditions;
  Time start_time;
  Time completion_time;
  std::int32_t active = 0;
  std::int32_t succeeded = 0;
  std::int32_t failed = 0;
  std::optional<std::int32_t> terminating;
  Text completed_indexes;
  std::optional<Text> failed_indexes;
  Shared<UncountedTerminatedPods> uncounted_terminated_pods;
  std::optional<std::int32_t> ready;
  RawRef extra;
  bool operator==(const JobStatus&) const = default;
};

struct Job final : ObjectOf<Job, KindId::kJob> {
  JobSpec spec;
  JobStatus status;
  RawRef extra;
};

}  // namespace orrery::api
