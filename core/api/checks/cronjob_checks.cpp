// Checks of CronJobs.
#include "core/api/checks/batch_checks.h"
#include "core/api/checks/cron_schedule.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kNameMax = 52;  // a job's name is 11 characters longer

void check_schedule(FieldErrors& errors, const Json& spec, const Json* old, const Path& path) {
  const std::string_view schedule = text(spec, "schedule");
  const Path at = path.child("schedule");
  if (schedule.empty()) {
    errors.required(at);
    return;
  }
  const std::string error = cron_schedule_error(schedule);
  if (!error.empty()) errors.invalid(at, schedule, error);
  if (schedule.find("TZ") == std::string_view::npos) return;
  const bool had_zone = old && text(*old, "schedule").find("TZ") != std::string_view::npos;
  if (!had_zone) {
    errors.invalid(at, schedule,
                   "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
  } else if (has(spec, "timeZone")) {
    errors.invalid(at, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
  }
}

bool is_zone_form(std::string_view zone) {
  if (zone.front() == '/' || zone.front() == '\\' || zone.find("..") != std::string_view::npos) {
    return false;
  }
  for (const char c : zone) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool other = (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
    if (!letter && !other) return false;
  }
  return true;
}

// There is no database of time zones here: what has the form of a name is taken.
void check_time_zone(FieldErrors& errors, std::string_view zone, const Path& path) {
  if (zone.empty()) {
    errors.invalid(path, zone, "timeZone must be nil or non-empty string");
    return;
  }
  std::string lowered(zone);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lowered == "local") {
    errors.invalid(path, zone,
                   "timeZone must be an explicit time zone as defined in "
                   "https://www.iana.org/time-zones");
  }
  if (!is_zone_form(zone)) errors.invalid(path, zone, "time: invalid location name");
}

void check_job_template(FieldErrors& errors, const Json& job, const Path& path) {
  const Json& spec = object(job, "spec");
  check_job_body(errors, spec, path.child("spec"));
  if (const Json* selector = member(spec, "selector")) {
    errors.invalid_raw(path.child("spec.selector"), selector_text(selector),
                       "`selector` will be auto-generated");
  }
  if (flag(spec, "manualSelector")) {
    errors.not_supported_raw(path.child("spec.manualSelector"), "true", {"nil", "false"});
  }
}

void check_spec(FieldErrors& errors, const Json& spec, const Json* old) {
  const Path path("spec");
  check_schedule(errors, spec, old, path);
  if (const auto seconds = maybe_integer(spec, "startingDeadlineSeconds")) {
    check_not_negative(errors, *seconds, path.child("startingDeadlineSeconds"));
  }
  const auto zone = maybe_text(spec, "timeZone");
  const bool zone_changed = !old || zone != maybe_text(*old, "timeZone");
  if (zone && zone_changed) check_time_zone(errors, *zone, path.child("timeZone"));
  const std::string_view policy = text(spec, "concurrencyPolicy");
  if (policy.empty()) {
    errors.required(path.child("concurrencyPolicy"));
  } else if (policy != "Allow" && policy != "Forbid" && policy != "Replace") {
    errors.not_supported(path.child("concurrencyPolicy"), policy, {"Allow", "Forbid", "Replace"});
  }
  check_job_template(errors, object(spec, "jobTemplate"), path.child("jobTemplate"));
  for (const char* key : {"successfulJobsHistoryLimit", "failedJobsHistoryLimit"}) {
    check_not_negative(errors, integer(spec, key), path.child(key));
  }
}

}  // namespace

void check_cron_job(FieldErrors& errors, const Json& job) {
  check_object_meta(errors, job, Scope::kNamespaced, subdomain_name);
  check_spec(errors, object(job, "spec"), nullptr);
  const std::string_view name = text(object(job, "metadata"), "name");
  if (name.size() > kNameMax) {
    errors.invalid(Path("metadata.name"), name, "must be no more than 52 characters");
  }
}

void check_cron_job_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_spec(errors, object(now, "spec"), &object(old, "spec"));
}

}  // namespace orrery::api
