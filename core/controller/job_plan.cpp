#include "core/controller/job_plan.h"

#include <algorithm>
#include <map>

#include "core/controller/pod_cache.h"
#include "core/controller/pod_ranking.h"
#include "core/controller/slow_start.h"

namespace orrery::controller {
namespace {

using Action = FailureVerdict::Action;

Time finish_time(const api::Pod& pod) {
  Time last;
  for (const api::ContainerStatus& c : pod.status.container_statuses) {
    if (c.state.kind == api::ContainerState::Kind::kTerminated) {
      last = std::max(last, c.state.finished_at);
    }
  }
  if (is_set(last)) return last;
  if (const api::PodCondition* ready = api::find_condition(pod.status, "Ready")) {
    return ready->last_transition_time;
  }
  return is_set(pod.meta.deletion_timestamp) ? pod.meta.deletion_timestamp
                                             : pod.meta.creation_timestamp;
}

struct Backoff {
  int failures = 0;  // since the last success
  Time last;
  Time ready_at() const {
    if (failures == 0) return {};
    Duration delay = kJobBackoff;
    for (int i = 1; i < failures && delay < kJobBackoffMax; ++i) delay *= 2;
    return last + std::min(delay, kJobBackoffMax);
  }
};

class Planner {
 public:
  Planner(const api::Job& job, const std::vector<PodRef>& pods, Time now)
      : job_(job), pods_(pods), now_(now), indexed_(is_indexed(job)) {
    plan_.status = job.status;
  }

  JobPlan run() {
    if (is_finished(job_)) {
      for (const PodRef& pod : pods_) release(pod);
      return std::move(plan_);
    }
    api::JobStatus& s = plan_.status;
    const bool suspended = job_.spec.suspend.value_or(false);
    if (!is_set(s.start_time) && !suspended) s.start_time = truncate_to_second(now_);
    count_pods();
    count_finished();
    decide_end();
    if (ending()) {
      // What still runs when the Job has succeeded did not fail.
      (find("SuccessCriteriaMet") ? plan_.drop : plan_.remove) = active_;
      finish();
    } else if (suspended) {
      plan_.drop = active_;
      set_condition("Suspended", "True", "JobSuspended", "Job suspended");
      s.start_time = {};
    } else {
      if (find("Suspended") && find("Suspended")->status == "True") {
        set_condition("Suspended", "False", "JobResumed", "Job resumed");
        s.start_time = truncate_to_second(now_);
      }
      manage();
    }
    return std::move(plan_);
  }

 private:
  const api::JobCondition* find(std::string_view type) const {
    for (const api::JobCondition& c : plan_.status.conditions) {
      if (c.type == type) return &c;
    }
    return nullptr;
  }
  bool ending() const { return find("FailureTarget") || find("SuccessCriteriaMet"); }

  void set_condition(std::string_view type, std::string_view status, std::string_view reason,
                     std::string_view message) {
    const api::JobCondition* old = find(type);
    if (old && old->status == status) return;
    std::vector<api::JobCondition> all(plan_.status.conditions.begin(),
                                       plan_.status.conditions.end());
    std::erase_if(all, [&](const api::JobCondition& c) { return c.type == type; });
    api::JobCondition c;
    c.type = Symbol(type);
    c.status = Symbol(status);
    c.reason = Symbol(reason);
    c.message = Text(message);
    c.last_probe_time = c.last_transition_time = truncate_to_second(now_);
    all.push_back(std::move(c));
    plan_.status.conditions = api::List<api::JobCondition>(std::move(all));
  }

  bool has_failed(const api::Pod& pod) const {
    if (pod.status.phase == "Failed") return true;
    if (!pod.meta.is_being_deleted() || pod.status.phase == "Succeeded") return false;
    if (ending()) return !find("SuccessCriteriaMet");  // of a failed Job, all that is left
    return !only_replace_failed();
  }
  bool only_replace_failed() const {
    return job_.spec.pod_replacement_policy ? *job_.spec.pod_replacement_policy == "Failed"
                                            : !job_.spec.pod_failure_policy.empty();
  }
  void release(const PodRef& pod) {
    if (api::has_finalizer(pod->meta, kJobFinalizer)) plan_.release.push_back(pod);
  }

  void count_pods() {
    std::int32_t ready = 0;
    for (const PodRef& pod : pods_) {
      if (is_active(*pod)) {
        active_.push_back(pod);
        ready += api::is_ready(*pod) ? 1 : 0;
      } else if (is_terminating(*pod)) {
        ++terminating_;
      }
    }
    plan_.status.active = static_cast<std::int32_t>(active_.size());
    plan_.status.ready = ready;
    plan_.status.terminating = terminating_;
  }

  // Moves counted uids on, and notes pods that finished since.
  void count_finished() {
    api::JobStatus& s = plan_.status;
    completed_ = parse_indexes(s.completed_indexes.view());
    if (s.failed_indexes) failed_indexes_ = parse_indexes(s.failed_indexes->view());
    std::set<Uid> held;  // pods that still bear the finalizer
    for (const PodRef& pod : pods_) {
      if (api::has_finalizer(pod->meta, kJobFinalizer)) held.insert(pod->meta.uid);
    }
    std::vector<Uid> succeeded, failed;
    if (s.uncounted_terminated_pods) {
      for (const Uid& uid : s.uncounted_terminated_pods->succeeded) {
        held.contains(uid) ? succeeded.push_back(uid) : void(++s.succeeded);
      }
      for (const Uid& uid : s.uncounted_terminated_pods->failed) {
        held.contains(uid) ? failed.push_back(uid) : void(++s.failed);
      }
    }
    const auto known = [](const std::vector<Uid>& uids, const Uid& uid) {
      return std::find(uids.begin(), uids.end(), uid) != uids.end();
    };
    for (const PodRef& pod : pods_) {
      note_backoff(*pod);
      if (!held.contains(pod->meta.uid)) continue;
      if (pod->status.phase == "Succeeded") {
        if (indexed_) {
          note_index(*pod);
        } else if (!known(succeeded, pod->meta.uid)) {
          succeeded.push_back(pod->meta.uid);
        }
      } else if (has_failed(*pod)) {
        if (!known(failed, pod->meta.uid) && note_failure(*pod)) failed.push_back(pod->meta.uid);
      } else {
        continue;
      }
      plan_.release.push_back(pod);
    }
    if (indexed_) {
      s.completed_indexes = Text(format_indexes(completed_));
      s.succeeded = static_cast<std::int32_t>(completed_.size());
      if (job_.spec.backoff_limit_per_index) {
        s.failed_indexes = Text(format_indexes(failed_indexes_));
      }
    }
    succeeded_ = s.succeeded + static_cast<std::int32_t>(succeeded.size());
    failed_ = s.failed + static_cast<std::int32_t>(failed.size());
    uncounted_ = !succeeded.empty() || !failed.empty() || !plan_.release.empty();
    api::UncountedTerminatedPods now;
    now.succeeded = api::List<Uid>(std::move(succeeded));
    now.failed = api::List<Uid>(std::move(failed));
    s.uncounted_terminated_pods = api::Shared<api::UncountedTerminatedPods>(std::move(now));
  }

  void note_index(const api::Pod& pod) {
    const std::optional<std::int32_t> index = completion_index(pod);
    if (index && *index >= 0 && *index < job_.spec.completions.value_or(0)) {
      completed_.insert(*index);
    }
  }

  /// False if the failure is not to be counted.
  bool note_failure(const api::Pod& pod) {
    const FailureVerdict verdict = judge_failure(job_, pod);
    if (verdict.action == Action::kFailJob && !ending()) {
      set_condition("FailureTarget", "True", "PodFailurePolicy", verdict.message);
    }
    if (job_.spec.backoff_limit_per_index && verdict.action != Action::kIgnore) {
      const std::optional<std::int32_t> index = completion_index(pod);
      if (index && (verdict.action == Action::kFailIndex ||
                    index_failures(pod) + 1 > *job_.spec.backoff_limit_per_index)) {
        failed_indexes_.insert(*index);
      }
    }
    return verdict.action != Action::kIgnore;
  }

  static std::int32_t index_failures(const api::Pod& pod) {
    const Text* text = api::find(pod.meta.annotations, kJobIndexFailures);
    return text ? static_cast<std::int32_t>(api::IntOrString(text->view()).int_value()) : 0;
  }

  void note_backoff(const api::Pod& pod) {
    if (pod.status.phase == "Succeeded") last_success_ = std::max(last_success_, finish_time(pod));
    if (!has_failed(pod)) return;
    failures_.push_back(finish_time(pod));
    if (const auto index = completion_index(pod); index && job_.spec.backoff_limit_per_index) {
      Backoff& b = by_index_[*index];
      b.failures = std::max(b.failures, index_failures(pod) + 1);
      b.last = std::max(b.last, finish_time(pod));
    }
  }

  Backoff backoff() const {
    Backoff out;
    for (const Time t : failures_) {
      if (t <= last_success_) continue;
      ++out.failures;
      out.last = std::max(out.last, t);
    }
    return out;
  }

  bool past_restart_limit() const {
    if (!job_.spec.template_.spec || !(job_.spec.template_.spec->restart_policy == "OnFailure")) {
      return false;
    }
    std::int32_t restarts = 0;
    for (const PodRef& pod : active_) {
      for (const api::ContainerStatus& c : pod->status.container_statuses) {
        restarts += c.restart_count;
      }
    }
    const std::int32_t limit = job_.spec.backoff_limit.value_or(6);
    return limit == 0 ? restarts > 0 : restarts >= limit;
  }

  void decide_end() {
    if (ending()) return;
    const auto fail = [&](std::string_view reason, std::string_view message) {
      set_condition("FailureTarget", "True", reason, message);
    };
    if (decide_success()) return;
    const bool suspended = job_.spec.suspend.value_or(false);
    if (failed_ > job_.spec.backoff_limit.value_or(6) || past_restart_limit()) {
      return fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    if (job_.spec.active_deadline_seconds && !suspended && is_set(plan_.status.start_time)) {
      const Time due =
          plan_.status.start_time + std::chrono::seconds(*job_.spec.active_deadline_seconds);
      if (now_ >= due) {
        return fail("DeadlineExceeded", "Job was active longer than specified deadline");
      }
      look_again(due - now_);
    }
    if (indexed_ && job_.spec.backoff_limit_per_index) {
      const auto gone = static_cast<std::int32_t>(failed_indexes_.size());
      if (job_.spec.max_failed_indexes && gone > *job_.spec.max_failed_indexes) {
        return fail("MaxFailedIndexesExceeded",
                    "Job has exceeded the specified maximal number of failed indexes");
      }
      if (gone > 0 && active_.empty() && gone + succeeded_ >= job_.spec.completions.value_or(0)) {
        fail("FailedIndexes", "Job has failed indexes");
      }
    }
  }

  bool decide_success() {
    for (std::size_t i = 0; indexed_ && i < job_.spec.success_policy.size(); ++i) {
      const api::SuccessPolicyRule& rule = job_.spec.success_policy[i];
      std::size_t matched = completed_.size();
      std::size_t wanted = matched;
      if (rule.succeeded_indexes) {
        const std::set<std::int32_t> listed = parse_indexes(rule.succeeded_indexes->view());
        wanted = listed.size();
        matched = static_cast<std::size_t>(std::count_if(
            listed.begin(), listed.end(), [&](std::int32_t x) { return completed_.contains(x); }));
      }
      if (rule.succeeded_count) wanted = static_cast<std::size_t>(*rule.succeeded_count);
      if (wanted == 0 || matched < wanted) continue;
      set_condition("SuccessCriteriaMet", "True", "SuccessPolicy",
                    "Matched rules at index " + std::to_string(i));
      return true;
    }
    const bool complete =
        job_.spec.completions ? succeeded_ >= *job_.spec.completions : succeeded_ > 0;
    if (!complete || !active_.empty()) return false;
    set_condition("SuccessCriteriaMet", "True", "CompletionsReached",
                  "Reached expected number of succeeded pods");
    return true;
  }

  // Complete or Failed, once every pod is gone or counted.
  void finish() {
    if (uncounted_ || !active_.empty() || terminating_ > 0) return;
    const api::JobCondition cause =
        *(find("FailureTarget") ? find("FailureTarget") : find("SuccessCriteriaMet"));
    const bool failed = cause.type == "FailureTarget";
    if (!failed) plan_.status.completion_time = truncate_to_second(now_);
    set_condition(failed ? "Failed" : "Complete", "True", cause.reason.view(),
                  cause.message.view());
  }

  void look_again(Duration after) {
    if (!plan_.look_again || after < *plan_.look_again) plan_.look_again = after;
  }

  std::int32_t wanted_active() const {
    const std::int32_t parallelism = job_.spec.parallelism.value_or(1);
    if (!job_.spec.completions) {
      return succeeded_ > 0 ? plan_.status.active : parallelism;
    }
    std::int32_t left = *job_.spec.completions - succeeded_;
    if (indexed_) left -= static_cast<std::int32_t>(failed_indexes_.size());
    return std::max(0, std::min(left, parallelism));
  }

  void manage() {
    const std::int32_t wanted = wanted_active();
    const auto active = static_cast<std::int32_t>(active_.size());
    if (active > wanted) {
      std::vector<RankedPod> ranked;
      for (const PodRef& pod : active_) ranked.push_back({pod.get(), 0});
      sort_for_deletion(ranked, now_);
      for (std::int32_t i = 0; i < active - wanted; ++i) {
        plan_.drop.push_back(PodRef(ranked[static_cast<std::size_t>(i)].pod));
      }
      return;
    }
    std::int32_t missing = wanted - active - (only_replace_failed() ? terminating_ : 0);
    missing = std::min(missing, kBurstReplicas);
    if (missing <= 0) return;
    const Time ready_at = job_.spec.backoff_limit_per_index ? Time{} : backoff().ready_at();
    if (ready_at > now_) {
      look_again(ready_at - now_);
      return;
    }
    if (!indexed_) {
      plan_.create.resize(static_cast<std::size_t>(missing));
      return;
    }
    create_indexes(missing);
  }

  void create_indexes(std::int32_t missing) {
    std::set<std::int32_t> taken = completed_;
    taken.insert(failed_indexes_.begin(), failed_indexes_.end());
    for (const PodRef& pod : pods_) {
      const bool holds = is_active(*pod) || (only_replace_failed() && is_terminating(*pod));
      if (const auto index = completion_index(*pod); index && holds) taken.insert(*index);
    }
    for (std::int32_t i = 0; i < job_.spec.completions.value_or(0) && missing > 0; ++i) {
      if (taken.contains(i)) continue;
      const auto b = by_index_.find(i);
      if (b != by_index_.end() && b->second.ready_at() > now_) {
        look_again(b->second.ready_at() - now_);
        continue;
      }
      plan_.create.push_back({i, b == by_index_.end() ? 0 : b->second.failures});
      --missing;
    }
  }

  const api::Job& job_;
  const std::vector<PodRef>& pods_;
  const Time now_;
  const bool indexed_;
  JobPlan plan_;
  std::vector<PodRef> active_;
  std::int32_t terminating_ = 0, succeeded_ = 0, failed_ = 0;
  bool uncounted_ = false;
  std::set<std::int32_t> completed_, failed_indexes_;
  std::vector<Time> failures_;
  std::map<std::int32_t, Backoff> by_index_;
  Time last_success_;
};

}  // namespace

JobPlan plan_job(const api::Job& job, const std::vector<PodRef>& pods, Time now) {
  return Planner(job, pods, now).run();
}

}  // namespace orrery::controller
