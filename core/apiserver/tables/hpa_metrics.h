// The Targets cell of a HorizontalPodAutoscaler: "cpu: 10%/80%" for each metric (upstream:
// formatHPAMetrics). Called for v1 and v2 documents.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace orrery::apiserver {

std::string hpa_metrics_text(const nlohmann::json& autoscaler);

}  // namespace orrery::apiserver
