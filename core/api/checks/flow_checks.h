// Defaults and checks of flowcontrol.apiserver.k8s.io: FlowSchema, PriorityLevelConfiguration.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_flow_schema(nlohmann::json& schema);
void check_flow_schema(FieldErrors& errors, const nlohmann::json& schema);
void default_priority_level(nlohmann::json& level);
void check_priority_level(FieldErrors& errors, const nlohmann::json& level);

}  // namespace orrery::api
