// Checks of Jobs and CronJobs (upstream's batch validation).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void check_job(FieldErrors& errors, const nlohmann::json& job);
void check_job_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_job_status(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
/// A JobSpec without its selector, of a job or of a job template.
void check_job_body(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
void check_cron_job(FieldErrors& errors, const nlohmann::json& job);
void check_cron_job_update(FieldErrors& errors, const nlohmann::json& now,
                           const nlohmann::json& old);
/// spec.podFailurePolicy and spec.successPolicy.
void check_job_policies(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
void check_success_policy(FieldErrors& errors, const nlohmann::json& policy, const Path& path);

}  // namespace orrery::api
