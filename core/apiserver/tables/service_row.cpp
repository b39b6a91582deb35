#include "core/apiserver/tables/service_row.h"

#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

std::string external_address(const ServiceFacts& s) {
  if (s.type == "ExternalName") return std::string(s.external_name);
  if (s.type == "LoadBalancer") {
    std::vector<std::string_view> all = s.external_ips;
    if (!s.load_balancer.empty()) all.insert(all.begin(), s.load_balancer);
    return all.empty() ? "<pending>" : joined(all, ",");
  }
  if (s.type != "ClusterIP" && s.type != "NodePort") return "<unknown>";
  return s.external_ips.empty() ? "<none>" : joined(s.external_ips, ",");
}

std::string ports_text(const ServiceFacts& s) {
  std::string out;
  for (const ServiceFacts::Port& p : s.ports) {
    if (!out.empty()) out += ',';
    out += p.node_port > 0 ? fmt::format("{}:{}/{}", p.port, p.node_port, p.protocol)
                           : fmt::format("{}/{}", p.port, p.protocol);
  }
  return out.empty() ? "<none>" : out;
}

void read_external(const Json& spec, ServiceFacts& out) {
  out.external_name = text(spec, "externalName");
  for (const Json& ip : array(spec, "externalIPs")) out.external_ips.push_back(as_text(ip));
}

}  // namespace

ServiceFacts service_facts(const Json& service) {
  const Json& spec = object(service, "spec");
  ServiceFacts out;
  out.name = name_of(service);
  out.created_at = time_at(object(service, "metadata"), "creationTimestamp");
  out.type = text(spec, "type");
  out.cluster_ip = text(spec, "clusterIP");
  const Json& ips = array(spec, "clusterIPs");
  if (!ips.empty()) out.cluster_ip = as_text(ips.front());
  read_external(spec, out);
  for (const Json& p : array(spec, "ports")) {
    out.ports.push_back({integer(p, "port"), integer(p, "nodePort"), text(p, "protocol")});
  }
  out.load_balancer = load_balancer_text(object(service, "status"));
  out.selector = labels_text(object(spec, "selector"));
  return out;
}

ServiceFacts service_facts(const api::Service& service) {
  ServiceFacts out;
  out.name = service.meta.name.view();
  out.created_at = service.meta.creation_timestamp;
  out.type = service.spec.type.view();
  out.cluster_ip = service.spec.cluster_ips.empty() ? service.spec.cluster_ip.view()
                                                    : service.spec.cluster_ips.front().view();
  if (service.spec.extra) read_external(service.spec.extra.json(), out);
  for (const api::ServicePort& p : service.spec.ports) {
    out.ports.push_back({p.port, p.node_port, p.protocol.view()});
  }
  if (service.status) out.load_balancer = load_balancer_text(service.status.json());
  out.selector = labels_text(*service.spec.selector);
  return out;
}

void print_service(const ServiceFacts& s, Time now, RowCells& cells) {
  cells.text(s.name);
  cells.text(s.type);
  cells.text(s.cluster_ip.empty() ? "<none>" : s.cluster_ip);
  cells.text(external_address(s));
  cells.text(ports_text(s));
  cells.text(age_text(s.created_at, now));
  cells.text(s.selector);
}

}  // namespace orrery::apiserver
