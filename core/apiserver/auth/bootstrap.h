// What a new cluster has besides its namespaces: the default roles and bindings of RBAC, the system
// priority classes, flow schemas and priority levels, as kube-apiserver 1.36 creates them. The API
// server creates them on an empty store; nothing brings them back later.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace orrery::apiserver {

/// The documents to create, in this order: cluster roles, cluster bindings, roles and bindings (in
/// kube-system and kube-public), then the rest.
std::vector<nlohmann::json> bootstrap_documents();

/// bootstrap.txt as it was built into the program.
std::string_view bootstrap_text();

}  // namespace orrery::apiserver
