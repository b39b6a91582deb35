// Checks of the workload kinds that keep replicas: Deployment, ReplicaSet, ReplicationController,
// StatefulSet, DaemonSet.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void check_deployment(FieldErrors& errors, const nlohmann::json& object);
void check_deployment_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_replica_set(FieldErrors& errors, const nlohmann::json& object);
void check_replica_set_update(FieldErrors& errors, const nlohmann::json& now,
                              const nlohmann::json& old);
void check_replication_controller(FieldErrors& errors, const nlohmann::json& object);
void check_replication_controller_update(FieldErrors& errors, const nlohmann::json& now,
                                         const nlohmann::json& old);
void check_daemon_set(FieldErrors& errors, const nlohmann::json& object);
void check_daemon_set_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_stateful_set(FieldErrors& errors, const nlohmann::json& object);
void check_stateful_set_update(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);

void check_deployment_status(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_replica_set_status(FieldErrors& errors, const nlohmann::json& now,
                              const nlohmann::json& old);
void check_daemon_set_status(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_stateful_set_status(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);

/// A number that is not negative, or a percentage.
void check_int_or_percent(FieldErrors& errors, const nlohmann::json* value, const Path& path);
void check_not_over_100_percent(FieldErrors& errors, const nlohmann::json* value, const Path& path);

}  // namespace orrery::api
