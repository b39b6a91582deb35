// What the registry strategies do to single kinds before validation. kind_table.cpp names these.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orrery::api {

void prepare_pod(nlohmann::json& pod);
/// Drops fields whose feature gates are off, in a pod spec and in templates.
void drop_disabled_pod_fields(nlohmann::json& spec);
void prepare_namespace(nlohmann::json& space);
void prepare_daemon_set(nlohmann::json& set);
/// On update: the old template generation, raised where the template changed.
void keep_template_generation(nlohmann::json& now, const nlohmann::json& old);
void prepare_stateful_set(nlohmann::json& set);
void prepare_claim(nlohmann::json& claim);
void prepare_cron_job(nlohmann::json& job);
/// When its phase was set: at its creation.
void prepare_volume_object(nlohmann::json& volume);
void prepare_templated(nlohmann::json& object);

}  // namespace orrery::api
