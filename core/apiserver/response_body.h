// The bodies that the wire sends for responses: objects, lists, Scale, and metav1.Status for errors
// and for deletions that left nothing. Called by whoever stands between ApiServer and JSON clients.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/kind_registry.h"
#include "core/ports/client.h"

namespace orrery::apiserver {

/// HTTP status: the error's, or 201 for what a create made, or 200.
int response_code(const Request& request, const Response& response);
/// The document; `request` as it was sent to ApiServer::handle.
nlohmann::json response_body(const api::Kinds& kinds, const Request& request,
                             const Response& response);
/// metav1.Status of an error.
nlohmann::json status_body(const Status& status);

}  // namespace orrery::apiserver
