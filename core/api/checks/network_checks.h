// Defaults and checks of networking.k8s.io: NetworkPolicy, Ingress, IngressClass; and of Endpoints.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_network_policy(nlohmann::json& policy);
void check_network_policy(FieldErrors& errors, const nlohmann::json& policy);

void check_ingress(FieldErrors& errors, const nlohmann::json& ingress);
void check_ingress_update(FieldErrors& errors, const nlohmann::json& now,
                          const nlohmann::json& old);
void check_ingress_status(FieldErrors& errors, const nlohmann::json& now,
                          const nlohmann::json& old);

void default_ingress_class(nlohmann::json& ingress_class);
void check_ingress_class(FieldErrors& errors, const nlohmann::json& ingress_class);
void check_ingress_class_update(FieldErrors& errors, const nlohmann::json& now,
                                const nlohmann::json& old);

void default_endpoints(nlohmann::json& endpoints);
void check_endpoints(FieldErrors& errors, const nlohmann::json& endpoints);

}  // namespace orrery::api
