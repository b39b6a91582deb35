// Checks of the smaller kinds, one function a verb: Service, Node, Namespace, ConfigMap, Secret,
// ServiceAccount, PodTemplate, EndpointSlice, Event, Lease, PodDisruptionBudget, PriorityClass.
// kind_table.cpp names them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void check_service(FieldErrors& errors, const nlohmann::json& service);
void check_service_update(FieldErrors& errors, const nlohmann::json& now,
                          const nlohmann::json& old);
void check_service_status(FieldErrors& errors, const nlohmann::json& now,
                          const nlohmann::json& old);
/// clusterIPs, ipFamilies and ipFamilyPolicy, each and against each other.
void check_cluster_ips(FieldErrors& errors, const nlohmann::json& service);
/// clusterIPs is ["None"].
bool is_headless(const nlohmann::json& service);

void check_node(FieldErrors& errors, const nlohmann::json& node);
void check_node_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_namespace_object(FieldErrors& errors, const nlohmann::json& object);
void check_namespace_status(FieldErrors& errors, const nlohmann::json& now,
                            const nlohmann::json& old);
void check_config_map(FieldErrors& errors, const nlohmann::json& object);
void check_config_map_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_secret(FieldErrors& errors, const nlohmann::json& object);
void check_secret_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_pod_template_object(FieldErrors& errors, const nlohmann::json& object);
void check_pod_template_update(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);

void check_endpoint_slice(FieldErrors& errors, const nlohmann::json& slice);
void check_endpoint_slice_update(FieldErrors& errors, const nlohmann::json& now,
                                 const nlohmann::json& old);
/// Events as core/v1 and as events.k8s.io/v1, which names and demands more.
void check_core_event(FieldErrors& errors, const nlohmann::json& event);
void check_event(FieldErrors& errors, const nlohmann::json& event);
/// events.k8s.io: all but the series is forever.
void check_event_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_lease(FieldErrors& errors, const nlohmann::json& lease);
void check_disruption_budget(FieldErrors& errors, const nlohmann::json& budget);
void check_disruption_budget_status(FieldErrors& errors, const nlohmann::json& now,
                                    const nlohmann::json& old);
void check_priority_class(FieldErrors& errors, const nlohmann::json& priority_class);
void check_priority_class_update(FieldErrors& errors, const nlohmann::json& now,
                                 const nlohmann::json& old);

}  // namespace orrery::api
