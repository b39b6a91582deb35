#include "core/scheduler/plugins/node_ports.h"

#include "core/scheduler/cache.h"
#include "core/scheduler/plugins/requests_data.h"

namespace orrery::scheduler {

bool NodePorts::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (!event.old_pod || event.pod) return true;
  const Ref<const PodRequests> wanted = cache_.requests_of(pod);
  const Ref<const PodRequests> freed = cache_.requests_of(*event.old_pod);
  for (const HostPort& a : wanted->host_ports) {
    for (const HostPort& b : freed->host_ports) {
      if (conflicts(a, b)) return true;
    }
  }
  return false;
}

bool NodePorts::sign(const api::Pod& pod, Signature& signature) {
  const Ref<const PodRequests> requests = cache_.requests_of(pod);
  signature.add(static_cast<std::int64_t>(requests->host_ports.size()));
  for (const HostPort& port : requests->host_ports) {
    signature.add(port.ip);
    signature.add(port.protocol);
    signature.add(port.port);
  }
  return true;
}

Verdict NodePorts::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  Ref<const PodRequests> requests = cache_.requests_of(pod);
  if (requests->host_ports.empty()) return {Code::kSkip};
  state.put(this, std::make_unique<RequestsData>(std::move(requests)));
  return {};
}

Verdict NodePorts::filter(const CycleState& state, const api::Pod&, const NodeInfo& node) const {
  static const Symbol kReason{"node(s) didn't have free ports for the requested pod ports"};
  const auto* data = state.get<RequestsData>(this);
  for (const HostPort& wanted : data->requests->host_ports) {
    for (const HostPort& used : node.used_ports()) {
      if (conflicts(wanted, used)) return {Code::kUnschedulable, {kReason}};
    }
  }
  return {};
}

}  // namespace orrery::scheduler
