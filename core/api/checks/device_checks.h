// Defaults and checks of resource.k8s.io/v1: ResourceClaim, ResourceClaimTemplate, DeviceClass,
// ResourceSlice.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_resource_claim(nlohmann::json& claim);
void default_claim_template_object(nlohmann::json& claim_template);
void check_resource_claim(FieldErrors& errors, const nlohmann::json& claim);
void check_resource_claim_update(FieldErrors& errors, const nlohmann::json& now,
                                 const nlohmann::json& old);
void check_claim_template_object(FieldErrors& errors, const nlohmann::json& claim_template);
void check_claim_template_object_update(FieldErrors& errors, const nlohmann::json& now,
                                        const nlohmann::json& old);
void check_device_class(FieldErrors& errors, const nlohmann::json& device_class);
void check_resource_slice(FieldErrors& errors, const nlohmann::json& slice);
void check_resource_slice_update(FieldErrors& errors, const nlohmann::json& now,
                                 const nlohmann::json& old);

}  // namespace orrery::api
