#include "core/controller/endpoint_of.h"

#include <algorithm>

namespace orrery::controller {
namespace {

// FindPort: a number as it is, a name as a container of the pod defines it; 0 = not there.
std::int32_t find_port(const api::ServicePort& port, const api::Pod& pod) {
  if (!port.target_port.is_text()) {
    const auto number = static_cast<std::int32_t>(port.target_port.int_value());
    return number != 0 ? number : port.port;
  }
  if (!pod.spec) return 0;
  const auto in = [&](const api::Container& c) -> std::int32_t {
    for (const api::ContainerPort& p : c.ports) {
      if (p.name == port.target_port.text() && p.protocol == port.protocol) return p.container_port;
    }
    return 0;
  };
  for (const api::Container& c : pod.spec->containers) {
    if (const std::int32_t found = in(c)) return found;
  }
  for (const api::Container& c : pod.spec->init_containers) {
    if (!(c.restart_policy == "Always")) continue;
    if (const std::int32_t found = in(c)) return found;
  }
  return 0;
}

}  // namespace

bool has_endpoint(const api::Pod& pod) {
  return !pod.status.pod_ip.empty() && !api::is_terminal(pod);
}

bool same_endpoint(const api::Pod& a, const api::Pod& b) {
  return a.meta.uid == b.meta.uid && a.status.pod_ip == b.status.pod_ip &&
         a.node_name == b.node_name && api::is_ready(a) == api::is_ready(b) &&
         a.meta.is_being_deleted() == b.meta.is_being_deleted() &&
         api::is_terminal(a) == api::is_terminal(b) && a.meta.labels == b.meta.labels;
}

api::Endpoint endpoint_of(const api::Service& service, const api::Pod& pod, Symbol zone) {
  static const Symbol kPod("Pod");
  api::Endpoint out;
  out.addresses = {pod.status.pod_ip};
  const bool serving = api::is_ready(pod);
  const bool terminating = pod.meta.is_being_deleted();
  out.conditions.ready = service.spec.publish_not_ready_addresses || (serving && !terminating);
  out.conditions.serving = serving;
  out.conditions.terminating = terminating;
  api::ObjectReference target;
  target.kind = kPod;
  target.namespace_ = pod.meta.namespace_;
  target.name = pod.meta.name;
  target.uid = pod.meta.uid;
  out.target_ref = api::Shared<api::ObjectReference>(std::move(target));
  out.node_name = pod.node_name;
  out.zone = zone;
  if (pod.spec && !pod.spec->hostname.empty() && pod.spec->subdomain == service.meta.name) {
    out.hostname = pod.spec->hostname;
  }
  return out;
}

api::List<api::EndpointPort> endpoint_ports(const api::Service& service, const api::Pod& pod) {
  std::vector<api::EndpointPort> out;
  for (const api::ServicePort& p : service.spec.ports) {
    const std::int32_t number = find_port(p, pod);
    if (number == 0) continue;
    api::EndpointPort port;
    port.name = p.name;
    port.protocol = p.protocol;
    port.port = number;
    port.app_protocol = p.app_protocol;
    out.push_back(port);
  }
  return api::List<api::EndpointPort>(std::move(out));
}

api::LabelSet slice_labels(const api::Service& service) {
  static const Symbol kName("kubernetes.io/service-name");
  static const Symbol kManager("endpointslice.kubernetes.io/managed-by");
  static const Symbol kSelf("endpointslice-controller.k8s.io");
  static const Symbol kHeadless("service.kubernetes.io/headless");
  api::Labels labels = *service.meta.labels;
  labels.erase(kHeadless);
  if (service.spec.cluster_ip == "None") labels.set(kHeadless, Symbol());
  labels.set(kName, Symbol(service.meta.name.view()));
  labels.set(kManager, kSelf);
  return api::LabelSet(std::move(labels));
}

std::vector<std::size_t> share_out(const std::vector<SliceRoom>& slices, std::size_t count) {
  std::vector<std::size_t> out(slices.size(), 0);
  const auto fill = [&](std::size_t i) {
    const std::size_t room =
        kEndpointsPerSliceMax - std::min(kEndpointsPerSliceMax, slices[i].used);
    out[i] = std::min(room, count);
    count -= out[i];
  };
  for (std::size_t i = 0; i < slices.size() && count > 0; ++i) {
    if (slices[i].written) fill(i);
  }
  // getSliceToFill: of the slices that take all of the rest, the fullest.
  const std::size_t rest = count % kEndpointsPerSliceMax;
  if (rest == 0) return out;
  std::size_t best = slices.size();
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (slices[i].written || slices[i].used + rest > kEndpointsPerSliceMax) continue;
    if (best == slices.size() || slices[i].used > slices[best].used) best = i;
  }
  if (best != slices.size()) out[best] = rest;
  return out;
}

}  // namespace orrery::controller
