// Defaults of whole objects (upstream's SetObjectDefaults_X), one function a kind. kind_table.cpp
// names them; pod specs are in pod_defaults.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orrery::api {

void default_pod(nlohmann::json& object);
void default_pod_template_object(nlohmann::json& object);
void default_deployment(nlohmann::json& object);
void default_replica_set(nlohmann::json& object);
void default_replication_controller(nlohmann::json& object);
void default_stateful_set(nlohmann::json& object);
void default_daemon_set(nlohmann::json& object);
void default_job(nlohmann::json& object);
void default_cron_job(nlohmann::json& object);
void default_service(nlohmann::json& object);
void default_core_event(nlohmann::json& object);
void default_event(nlohmann::json& object);
void default_endpoint_slice(nlohmann::json& object);
void default_node(nlohmann::json& object);
void default_namespace(nlohmann::json& object);
void default_secret(nlohmann::json& object);
void default_volume_object(nlohmann::json& object);
void default_claim(nlohmann::json& object);
void default_storage_class(nlohmann::json& object);
void default_priority_class(nlohmann::json& object);

}  // namespace orrery::api
