// Defaulting of pod specs, upstream's SetDefaults_PodSpec and all that hangs below it.
// apply_defaults() and the workload kinds call it. It also writes quantities in their canonical
// form, as a decode and encode of the Go types would.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orrery::api {

/// What every pod spec gets, in a Pod or in a template.
void default_pod_spec(nlohmann::json& spec);
/// What only a Pod gets: requests from limits, service links, host ports.
void default_pod_only(nlohmann::json& spec);
/// One volume of a pod (and the sources it shares with a PersistentVolume).
void default_volume(nlohmann::json& volume);
void default_volume_source(nlohmann::json& source);
/// spec of a claim or of a claim template.
void default_claim_spec(nlohmann::json& spec);
/// A map of quantities: rounded up to milli and canonical. Null where absent.
void default_resource_list(nlohmann::json* list);
/// requests and limits inside a ResourceRequirements.
void default_requirements(nlohmann::json& resources);

}  // namespace orrery::api
