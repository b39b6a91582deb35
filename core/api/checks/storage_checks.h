// Checks of PersistentVolumes, claims, claim templates and StorageClasses.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void check_claim_spec(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
/// Inside an ephemeral volume.
void check_claim_template(FieldErrors& errors, const nlohmann::json& claim, const Path& path);

void check_claim(FieldErrors& errors, const nlohmann::json& claim);
void check_claim_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_claim_status_update(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);
void check_volume(FieldErrors& errors, const nlohmann::json& volume);
void check_volume_update(FieldErrors& errors, const nlohmann::json& now, const nlohmann::json& old);
void check_storage_class(FieldErrors& errors, const nlohmann::json& storage_class);
void check_storage_class_update(FieldErrors& errors, const nlohmann::json& now,
                                const nlohmann::json& old);

}  // namespace orrery::api
