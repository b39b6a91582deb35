// Warnings of single kinds, one function a kind. warnings.cpp names them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/warnings.h"

namespace orrery::api {

void service_warnings(WarningTexts& warnings, const nlohmann::json& service);
void volume_object_warnings(WarningTexts& warnings, const nlohmann::json& volume);
void claim_warnings(WarningTexts& warnings, const nlohmann::json& claim);
void secret_warnings(WarningTexts& warnings, const nlohmann::json& secret);
void csi_driver_warnings(WarningTexts& warnings, const nlohmann::json& driver);
void ingress_warnings(WarningTexts& warnings, const nlohmann::json& ingress);

}  // namespace orrery::api
