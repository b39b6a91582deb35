// Checks of resource names and ResourceRequirements, of containers and of whole pods.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// Names of the claims in pod.spec.resourceClaims.
using ClaimNames = std::set<std::string, std::less<>>;

bool is_hugepages(std::string_view resource);
/// Unprefixed, or in the kubernetes.io domain.
bool is_native_resource(std::string_view resource);
bool is_overcommit_allowed(std::string_view resource);
/// cpu, memory and hugepages can be set for a whole pod.
bool is_pod_level_resource(std::string_view resource);

/// A resource that a LimitRange limits, for containers (and pods) or for anything else.
void check_limited_resource_name(FieldErrors& errors, std::string_view name, bool containers,
                                 const Path& path);
/// Non-negative, and whole where the resource is counted.
void check_resource_quantity(FieldErrors& errors, std::string_view resource,
                             const nlohmann::json& value, const Path& path);
void check_container_resources(FieldErrors& errors, const nlohmann::json& resources,
                               const ClaimNames& claims, const Path& path);
/// pod.spec.overhead
void check_overhead(FieldErrors& errors, const nlohmann::json& overhead, const Path& path);
/// pod.spec.resources, in itself and against the containers'.
void check_pod_resources(FieldErrors& errors, const nlohmann::json& spec, const ClaimNames& claims,
                         const Path& path);

/// SetDefaults_Pod for pod.spec.resources: requests and limits from those of the containers.
void default_pod_level_resources(nlohmann::json& spec);

}  // namespace orrery::api
