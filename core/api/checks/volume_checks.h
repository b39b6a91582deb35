// Checks of pod volumes and of the paths in them (upstream's ValidateVolumes). Claim templates
// inside volumes and PersistentVolumes use them too.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/api/checks/container_checks.h"
#include "core/api/checks/field_error.h"

namespace orrery::api {

/// Returns the valid volumes by name. `pod_name` is empty for templates.
Volumes check_volumes(FieldErrors& errors, const nlohmann::json& spec, std::string_view pod_name,
                      bool is_pod, const Path& path);
/// One source, by its JSON name, e.g. "hostPath". `field` is the path's last name upstream prints.
void check_volume_source(FieldErrors& errors, std::string_view kind, const nlohmann::json& source,
                         bool is_pod, const Path& path);
void check_projected(FieldErrors& errors, const nlohmann::json& projected, const Path& path);
void check_downward_file(FieldErrors& errors, const nlohmann::json& file, const Path& path);
void check_key_to_path(FieldErrors& errors, const nlohmann::json& item, const Path& path);
void check_mode(FieldErrors& errors, const nlohmann::json& holder, const char* key,
                const Path& path);

bool has_backsteps(std::string_view value);
void check_no_backsteps(FieldErrors& errors, std::string_view value, const Path& path);
void check_local_descending_path(FieldErrors& errors, std::string_view value, const Path& path);
void check_local_not_reserved_path(FieldErrors& errors, std::string_view value, const Path& path);
void check_csi_driver_name(FieldErrors& errors, std::string_view name, const Path& path);

}  // namespace orrery::api
