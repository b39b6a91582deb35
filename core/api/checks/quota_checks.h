// Defaults and checks of ResourceQuotas and LimitRanges.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_resource_quota(nlohmann::json& quota);
void check_resource_quota(FieldErrors& errors, const nlohmann::json& quota);
void check_resource_quota_update(FieldErrors& errors, const nlohmann::json& now,
                                 const nlohmann::json& old);
void check_resource_quota_status(FieldErrors& errors, const nlohmann::json& now,
                                 const nlohmann::json& old);

/// default from max, defaultRequest from default and min.
void default_limit_range(nlohmann::json& range);
void check_limit_range(FieldErrors& errors, const nlohmann::json& range);

}  // namespace orrery::api
