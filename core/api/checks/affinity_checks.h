// Checks of where a pod may run: affinities, tolerations, topology spread, and the node selectors
// and taints that nodes, volumes and storage classes share with them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/checks/field_error.h"

namespace orrery::api {

void check_affinity(FieldErrors& errors, const nlohmann::json& affinity, const Path& path);
void check_node_selector(FieldErrors& errors, const nlohmann::json& selector, const Path& path);
void check_tolerations(FieldErrors& errors, const nlohmann::json& tolerations, const Path& path);
void check_taints(FieldErrors& errors, const nlohmann::json& taints, const Path& path);
void check_topology_spread(FieldErrors& errors, const nlohmann::json& constraints,
                           const Path& path);

/// On create, matchLabelKeys and mismatchLabelKeys are merged into the label selectors, with the
/// values of the pod's own labels (upstream's applyMatchLabelKeysAndMismatchLabelKeys).
void merge_match_label_keys(nlohmann::json& spec, const nlohmann::json& labels);

}  // namespace orrery::api
