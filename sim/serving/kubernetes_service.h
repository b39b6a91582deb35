// The Service `kubernetes` in the namespace default, with its Endpoints and EndpointSlice, as an
// API server keeps them for itself. Called once by whoever serves a cluster, after
// ApiServer::bootstrap().
#pragma once

#include <cstdint>
#include <string>

#include "core/apiserver/api_server.h"

namespace orrery::sim {

/// Where pods find the API server.
inline constexpr const char* kKubernetesAddress = "10.96.0.1";
/// The control plane's own address, as the endpoint; loopback is none that pods could use.
inline constexpr const char* kControlPlaneAddress = "172.31.0.1";

void create_kubernetes_service(apiserver::ApiServer& server, std::string address,
                               std::uint16_t port);

}  // namespace orrery::sim
