// endpoint_of: what a pod looks like in an EndpointSlice of a Service: whether it is in, its
// conditions, and the ports resolved by its containers (upstream: podToEndpoint, getEndpointPorts).
// Pure.
#pragma once

#include "core/api/pod.h"
#include "core/api/service.h"

namespace orrery::controller {

/// EndpointsMaxSize of one slice (--max-endpoints-per-slice).
inline constexpr std::size_t kEndpointsPerSliceMax = 100;

/// ShouldPodBeInEndpoints (terminating pods too): has an address and is not finished.
bool has_endpoint(const api::Pod& pod);
/// True if slices need not change from one state of a pod to the other.
bool same_endpoint(const api::Pod& a, const api::Pod& b);
api::Endpoint endpoint_of(const api::Service& service, const api::Pod& pod, Symbol zone);
/// Ports of the service as this pod offers them; named ports that it has not are left out.
api::List<api::EndpointPort> endpoint_ports(const api::Service& service, const api::Pod& pod);
/// The labels of a slice: the service's own, its name, who manages it, whether it is headless.
api::LabelSet slice_labels(const api::Service& service);

/// Where `count` new endpoints of one port set go, after upstream's reconcileByPortMapping: first
/// into slices that are written anyway, then new full slices, then the fullest slice that takes the
/// rest.
struct SliceRoom {
  std::size_t used = 0;
  bool written = false;  // changes anyway
};
/// For each slice how many to put in; what remains opens new slices of at most
/// kEndpointsPerSliceMax.
std::vector<std::size_t> share_out(const std::vector<SliceRoom>& slices, std::size_t count);

}  // namespace orrery::controller
