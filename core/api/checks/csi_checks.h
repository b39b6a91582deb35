// Defaults and checks of storage.k8s.io's driver kinds (CSIDriver, CSINode, CSIStorageCapacity,
// VolumeAttachment, VolumeAttributesClass), of RuntimeClass and of ControllerRevision.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void default_csi_driver(nlohmann::json& driver);
void check_csi_driver(FieldErrors& errors, const nlohmann::json& driver);
void check_csi_driver_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_csi_node(FieldErrors& errors, const nlohmann::json& node);
void default_csi_capacity(nlohmann::json& capacity);
void check_csi_capacity(FieldErrors& errors, const nlohmann::json& capacity);
void check_csi_capacity_update(FieldErrors& errors, const nlohmann::json& now,
                               const nlohmann::json& old);
void check_volume_attachment(FieldErrors& errors, const nlohmann::json& attachment);
void check_volume_attachment_update(FieldErrors& errors, const nlohmann::json& now,
                                    const nlohmann::json& old);
void check_volume_attributes_class(FieldErrors& errors, const nlohmann::json& attributes_class);
void check_volume_attributes_class_update(FieldErrors& errors, const nlohmann::json& now,
                                          const nlohmann::json& old);

void default_runtime_class(nlohmann::json& runtime_class);
void check_runtime_class(FieldErrors& errors, const nlohmann::json& runtime_class);
void check_runtime_class_update(FieldErrors& errors, const nlohmann::json& now,
                                const nlohmann::json& old);
void check_controller_revision(FieldErrors& errors, const nlohmann::json& revision);
void check_controller_revision_update(FieldErrors& errors, const nlohmann::json& now,
                                      const nlohmann::json& old);

}  // namespace orrery::api
