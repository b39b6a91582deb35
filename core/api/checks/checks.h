// Defaulting and validation of API objects as Kubernetes 1.36 does them, on JSON documents in
// external v1 form (decoded: unknown members and wrong types are gone). The API server calls, in
// this order: create: apply_defaults, prepare_create, validate_create; update: apply_defaults,
// prepare_update, validate_update. Every kind gets the metadata checks; a kind with rules of its
// own is a row in kind_table.cpp. Nothing here throws, whatever the shape of the object.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// SetObjectDefaults_X; quantities get their canonical text.
void apply_defaults(std::string_view group, std::string_view kind, nlohmann::json& object);

FieldErrors validate_create(std::string_view group, std::string_view kind,
                            const nlohmann::json& object);
FieldErrors validate_update(std::string_view group, std::string_view kind,
                            const nlohmann::json& now, const nlohmann::json& old);
FieldErrors validate_status_update(std::string_view group, std::string_view kind,
                                   const nlohmann::json& now, const nlohmann::json& old);

/// What the registry strategy sets or drops before validation: an empty status and generation 1 on
/// create, the old status and a raised generation on update, fields whose feature is off.
void prepare_create(std::string_view group, std::string_view kind, nlohmann::json& object);
void prepare_update(std::string_view group, std::string_view kind, nlohmann::json& now,
                    const nlohmann::json& old);
/// A status update keeps the old spec and, of metadata, what the status strategy keeps.
void prepare_status_update(std::string_view group, std::string_view kind, nlohmann::json& now,
                           const nlohmann::json& old);

/// Updates of pods/ephemeralcontainers and pods/resize.
FieldErrors validate_ephemeral_containers(const nlohmann::json& now, const nlohmann::json& old);
FieldErrors validate_pod_resize(const nlohmann::json& now, const nlohmann::json& old);

/// For subtrees that many objects share and whose result is remembered with them.
void default_pod_template(nlohmann::json& pod_template);
FieldErrors validate_pod_template(const nlohmann::json& pod_template,
                                  std::string_view path = "spec.template");

/// Selector and template labels of a new Job, unless manualSelector. Between defaults and
/// validation, once the uid is known. The Job's own labels follow when the defaults are applied
/// once more after validation, as upstream does on reading it back.
void job_generate_selector(nlohmann::json& job, std::string_view uid);
/// "Guaranteed", "Burstable" or "BestEffort".
std::string_view pod_qos_class(const nlohmann::json& spec);
/// IP families of a Service in an IPv4 cluster: clusterIP and clusterIPs in step, family and policy
/// set. Its errors end a create or update before validation; call it after prepare_*.
FieldErrors service_ip_families(nlohmann::json& service, const nlohmann::json* old = nullptr);

}  // namespace orrery::api
