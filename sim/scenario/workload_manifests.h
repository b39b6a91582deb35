// Generated manifests: the Namespaces, Deployments and Services that a scenario's `workloads:`
// stand for, as ordinary documents, so that the engine applies them like any other manifest.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/manifest_reader.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

/// Namespaces other than default first, then each Deployment with its Service.
std::vector<ManifestDocument> workload_manifests(const Workload& workload, const std::string& file);

}  // namespace orrery::sim
