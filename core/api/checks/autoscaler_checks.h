// Defaults and checks of HorizontalPodAutoscalers (autoscaling/v2).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

/// minReplicas, the CPU metric, the rules of behavior.
void default_autoscaler(nlohmann::json& autoscaler);
void check_autoscaler(FieldErrors& errors, const nlohmann::json& autoscaler);
void check_autoscaler_update(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
void check_autoscaler_status(FieldErrors& errors, const nlohmann::json& now,
                             const nlohmann::json& old);
/// spec.metrics
void check_metrics(FieldErrors& errors, const nlohmann::json& spec, const Path& path);
/// A CrossVersionObjectReference.
void check_scaled_object(FieldErrors& errors, const nlohmann::json& reference, const Path& path);

}  // namespace orrery::api
