// Rows of networking.k8s.io and discovery.k8s.io kinds.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

constexpr std::size_t kShownMax = 3;  // upstream's, then "+ N more..."

std::string hosts_text(const Json& rules) {
  std::vector<std::string_view> hosts;
  bool has_more = false;
  for (const Json& rule : rules) {
    if (hosts.size() == kShownMax) has_more = true;
    if (!has_more && !text(rule, "host").empty()) hosts.push_back(text(rule, "host"));
  }
  if (hosts.empty()) return "*";
  std::string out = joined(hosts, ",");
  if (has_more) out += fmt::format(" + {} more...", rules.size() - kShownMax);
  return out;
}

void print_ingress(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  cells.text(name_of(o));
  cells.text(maybe_text(spec, "ingressClassName").value_or("<none>"));
  cells.text(hosts_text(array(spec, "rules")));
  cells.text(load_balancer_text(object(o, "status")));
  cells.text(array(spec, "tls").empty() ? "80" : "80, 443");
  cells.text(age_of(o, now));
}

void print_ingress_class(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  std::string parameters = "<none>";
  if (const Json* p = member(spec, "parameters")) {
    parameters = text(*p, "kind");
    if (const auto group = maybe_text(*p, "apiGroup")) parameters.append(".").append(*group);
    parameters.append("/").append(text(*p, "name"));
  }
  cells.text(name_of(o));
  cells.text(text(spec, "controller"));
  cells.text(parameters);
  cells.text(age_of(o, now));
}

void print_network_policy(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(selector_text(member(object(o, "spec"), "podSelector")));
  cells.text(age_of(o, now));
}

/// The printer also gives the age, for which there is no column; clients skip it.
void print_ip_address(const Json& o, Time now, RowCells& cells) {
  std::string parent = "<none>";
  if (const Json* ref = member(object(o, "spec"), "parentRef")) {
    parent = text(*ref, "resource");
    if (!text(*ref, "group").empty()) parent.append(".").append(text(*ref, "group"));
    parent = lower_case(parent);
    if (!text(*ref, "namespace").empty()) parent.append("/").append(text(*ref, "namespace"));
    parent.append("/").append(text(*ref, "name"));
  }
  cells.text(name_of(o));
  cells.text(parent);
  cells.text(age_of(o, now));
}

void print_service_cidr(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(joined_texts(array(object(o, "spec"), "cidrs"), ","));
  cells.text(age_of(o, now));
}

std::string limited(const std::vector<std::string_view>& parts, std::size_t count) {
  std::string out = joined(parts, ",");
  if (count > kShownMax) out += fmt::format(" + {} more...", count - kShownMax);
  return out.empty() ? "<unset>" : out;
}

std::string slice_ports(const Json& ports) {
  std::vector<std::string> shown;
  for (const Json& port : ports) {
    if (shown.size() == kShownMax) break;
    if (const auto number = maybe_integer(port, "port")) {
      shown.push_back(fmt::to_string(*number));
    } else {
      shown.emplace_back(maybe_text(port, "name").value_or("*"));
    }
  }
  return limited({shown.begin(), shown.end()}, ports.size());
}

std::string slice_endpoints(const Json& endpoints) {
  std::vector<std::string_view> shown;
  std::size_t count = 0;
  for (const Json& endpoint : endpoints) {
    for (const Json& address : array(endpoint, "addresses")) {
      if (count++ < kShownMax) shown.push_back(as_text(address));
    }
  }
  return limited(shown, count);
}

void print_endpoint_slice(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(text(o, "addressType"));
  cells.text(slice_ports(array(o, "ports")));
  cells.text(slice_endpoints(array(o, "endpoints")));
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> network_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"networking.k8s.io", "Ingress", print_ingress},
      {"networking.k8s.io", "IngressClass", print_ingress_class},
      {"networking.k8s.io", "NetworkPolicy", print_network_policy},
      {"networking.k8s.io", "IPAddress", print_ip_address},
      {"networking.k8s.io", "ServiceCIDR", print_service_cidr},
      {"discovery.k8s.io", "EndpointSlice", print_endpoint_slice},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
