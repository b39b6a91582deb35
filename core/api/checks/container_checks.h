// Checks of containers: ports, environment, mounts, handlers, policies (upstream's
// validateContainers, validateInitContainers, validateEphemeralContainers). pod_checks calls them.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/api/checks/field_error.h"
#include "core/api/checks/resource_checks.h"

namespace orrery::api {

/// The pod's valid volumes by name.
using Volumes = std::map<std::string, const nlohmann::json*, std::less<>>;

/// What the checks of a container need to know of its pod.
struct PodFacts {
  const nlohmann::json& spec;
  Volumes volumes;
  ClaimNames claims;
  std::optional<std::int64_t> grace_period;
  bool host_users = true;
  bool is_pod = false;  // not a template
};

void check_containers(FieldErrors& errors, const PodFacts& pod, const Path& path);
void check_init_containers(FieldErrors& errors, const PodFacts& pod, const Path& path);
void check_ephemeral_containers(FieldErrors& errors, const PodFacts& pod, const Path& path);

/// Liveness, readiness and startup probes of one container.
void check_probes(FieldErrors& errors, const nlohmann::json& container,
                  const std::optional<std::int64_t>& grace_period, const Path& path);
void check_lifecycle(FieldErrors& errors, const nlohmann::json& lifecycle,
                     const std::optional<std::int64_t>& grace_period, const Path& path);
/// A port as number or name.
void check_port_number_or_name(FieldErrors& errors, const nlohmann::json* port, const Path& path);
void check_env(FieldErrors& errors, const nlohmann::json& vars, const PodFacts& pod,
               const Path& path);
void check_env_from(FieldErrors& errors, const nlohmann::json& sources, const Path& path);
void check_pull_policy(FieldErrors& errors, const nlohmann::json& holder, const char* key,
                       const Path& path);
/// image = " x": pods only.
void check_image_spaces(FieldErrors& errors, const nlohmann::json& containers, const Path& path);
void check_volume_mounts(FieldErrors& errors, const nlohmann::json& container, const PodFacts& pod,
                         const Path& path);
void check_volume_devices(FieldErrors& errors, const nlohmann::json& container, const PodFacts& pod,
                          const Path& path);
/// fieldRef and resourceFieldRef, of environment variables and of downward API files.
enum class FieldUse { kEnvironment, kVolume };
void check_field_ref(FieldErrors& errors, const nlohmann::json& ref, FieldUse use,
                     const Path& path);
void check_resource_field_ref(FieldErrors& errors, const nlohmann::json& ref, FieldUse use,
                              const Path& path);

}  // namespace orrery::api
