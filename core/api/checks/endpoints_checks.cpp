// Defaults and checks of Endpoints.
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/network_checks.h"

namespace orrery::api {
namespace {

void check_address(FieldErrors& errors, const Json& address, const Path& path) {
  check_ip(errors, text(address, "ip"), path.child("ip"));
  const std::string_view host = text(address, "hostname");
  if (!host.empty()) check_dns_label(errors, host, path.child("hostname"));
  if (const auto node = maybe_text(address, "nodeName")) {
    check_dns_subdomain(errors, *node, path.child("nodeName"));
  }
  check_not_special_ip(errors, text(address, "ip"), path.child("ip"));
}

void check_port(FieldErrors& errors, const Json& port, bool needs_name, const Path& path) {
  const std::string_view name = text(port, "name"), protocol = text(port, "protocol");
  if (needs_name && name.empty()) {
    errors.required(path.child("name"));
  } else if (!name.empty()) {
    check_dns_label(errors, name, path.child("name"));
  }
  const std::int64_t number = integer(port, "port");
  for (const std::string& message : port_number_messages(number)) {
    errors.invalid(path.child("port"), number, message);
  }
  if (protocol.empty()) {
    errors.required(path.child("protocol"));
  } else if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
    errors.not_supported(path.child("protocol"), protocol, {"SCTP", "TCP", "UDP"});
  }
  if (const auto app = maybe_text(port, "appProtocol")) {
    check_qualified_name(errors, *app, path.child("appProtocol"));
  }
}

}  // namespace

void default_endpoints(Json& endpoints) {
  for (Json& subset : items_of(endpoints, "subsets")) {
    for (Json& port : items_of(subset, "ports")) set_if_empty(port, "protocol", "TCP");
  }
}

void check_endpoints(FieldErrors& errors, const Json& endpoints) {
  check_object_meta(errors, endpoints, Scope::kNamespaced, subdomain_name);
  const Json& subsets = array(endpoints, "subsets");
  const Path path("subsets");
  for (std::size_t i = 0; i < subsets.size(); ++i) {
    const Path at = path.index(i);
    const Json& ready = array(subsets[i], "addresses");
    const Json& others = array(subsets[i], "notReadyAddresses");
    const Json& ports = array(subsets[i], "ports");
    if (ready.empty() && others.empty()) {
      errors.required(at, "must specify `addresses` or `notReadyAddresses`");
    }
    for (std::size_t j = 0; j < ready.size(); ++j) {
      check_address(errors, ready[j], at.at("addresses", j));
    }
    for (std::size_t j = 0; j < others.size(); ++j) {
      check_address(errors, others[j], at.at("notReadyAddresses", j));
    }
    for (std::size_t j = 0; j < ports.size(); ++j) {
      check_port(errors, ports[j], ports.size() > 1, at.at("ports", j));
    }
  }
}

}  // namespace orrery::api
