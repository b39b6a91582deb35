// job_plan: what a Job does next, from its status and its pods: counts, conditions, pods to make
// and delete, finalizers to take off. Pure; JobController does the writes. A finished pod is
// counted once: its uid is first written into status.uncountedTerminatedPods, then it loses its
// finalizer, then it moves into the counter (upstream: trackJobStatusAndRemoveFinalizers).
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "core/api/batch.h"
#include "core/api/pod.h"

namespace orrery::controller {

inline constexpr std::string_view kJobFinalizer = "batch.kubernetes.io/job-tracking";
inline constexpr std::string_view kJobIndex = "batch.kubernetes.io/job-completion-index";
inline constexpr std::string_view kJobIndexFailures = "batch.kubernetes.io/job-index-failure-count";

using PodRef = Ref<const api::Pod>;

/// A set of completion indexes in the form "1,3-5" (parseIndexesFromString and back).
std::set<std::int32_t> parse_indexes(std::string_view text);
std::string format_indexes(const std::set<std::int32_t>& indexes);
std::optional<std::int32_t> completion_index(const api::Pod& pod);
bool is_indexed(const api::Job& job);
bool is_finished(const api::Job& job);

/// What podFailurePolicy makes of one failed pod.
struct FailureVerdict {
  enum class Action { kCount, kIgnore, kFailIndex, kFailJob };
  Action action = Action::kCount;
  std::string message;  // of kFailJob
};
FailureVerdict judge_failure(const api::Job& job, const api::Pod& pod);

struct NewJobPod {
  std::optional<std::int32_t> index;
  std::int32_t index_failures = 0;
};
struct JobPlan {
  api::JobStatus status;
  std::vector<NewJobPod> create;
  std::vector<PodRef> remove;   // deleted, and counted as failed when they are gone
  std::vector<PodRef> drop;     // deleted without being counted: too many, or the Job is suspended
  std::vector<PodRef> release;  // lose their finalizer, once `status` is stored
  std::optional<Duration> look_again;
};
/// DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff.
inline constexpr Duration kJobBackoff = 10s;
inline constexpr Duration kJobBackoffMax = 6min;

JobPlan plan_job(const api::Job& job, const std::vector<PodRef>& pods, Time now);

}  // namespace orrery::controller
