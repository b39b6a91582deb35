// Checks of pods and pod templates (upstream's ValidatePodCreate, ValidatePodUpdate,
// ValidatePodTemplateSpec). The workload kinds call check_pod_template for theirs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// `pod_name` is empty in templates.
void check_pod_spec(FieldErrors& errors, const nlohmann::json& spec, std::string_view pod_name,
                    bool is_pod, const Path& path);
void check_pod_template(FieldErrors& errors, const nlohmann::json& pod_template, const Path& path);
void check_pod_annotations(FieldErrors& errors, const nlohmann::json& annotations,
                           const nlohmann::json& spec, const Path& path);
/// Metadata and spec as they must be on create and on update.
void check_pod_object(FieldErrors& errors, const nlohmann::json& pod);

void check_pod_create(FieldErrors& errors, const nlohmann::json& pod);
void check_pod_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_ephemeral_containers_update(FieldErrors& errors, const nlohmann::json& now,
                                       const nlohmann::json& old);
void check_pod_resize(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_pod_status_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);

}  // namespace orrery::api
