// Defaults and checks of what registers with the cluster: APIService, CertificateSigningRequest.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_api_service(nlohmann::json& service);
void check_api_service(FieldErrors& errors, const nlohmann::json& service);

/// Drops what only the approval and the signer write.
void prepare_signing_request(nlohmann::json& request);
void check_signing_request(FieldErrors& errors, const nlohmann::json& request);
void check_signing_request_update(FieldErrors& errors, const nlohmann::json& now,
                                  const nlohmann::json& old);
/// The approval and the status subresource; conditions once set stay.
void check_signing_request_status(FieldErrors& errors, const nlohmann::json& now,
                                  const nlohmann::json& old);

}  // namespace orrery::api
