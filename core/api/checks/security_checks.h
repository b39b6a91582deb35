// Checks of security contexts, of containers and of pods, and of the operating system a pod is for.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// spec.containers[*].securityContext
void check_security_context(FieldErrors& errors, const nlohmann::json& context, bool host_users,
                            const Path& path);
/// spec.securityContext and the host namespaces beside it.
void check_pod_security_context(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
/// hostUsers: false excludes other host namespaces.
void check_host_users(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
/// HostProcess containers: all or none.
void check_host_process(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
/// spec.os and the fields it excludes.
void check_os(FieldErrors& errors, const nlohmann::json& spec, const Path& path);

}  // namespace orrery::api
