#include <set>

#include "core/api/checks/core_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kEndpointsMax = 1000, kAddressesMax = 100, kPortsMax = 20000, kHintsMax = 8;

void check_address(FieldErrors& errors, std::string_view address, std::string_view type,
                   const Path& path) {
  if (type == "FQDN") return check_dns_subdomain(errors, address, path);
  const IpAddress ip = parse_ip(address);
  check_ip(errors, address, path);
  if (!ip.valid) return;
  if (type == "IPv4" && ip.v6) errors.invalid(path, address, "must be an IPv4 address");
  if (type == "IPv6" && !ip.v6) errors.invalid(path, address, "must be an IPv6 address");
  check_not_special_ip(errors, address, path);
}

void check_endpoint(FieldErrors& errors, const Json& endpoint, std::string_view type,
                    const Path& path) {
  const Json& addresses = array(endpoint, "addresses");
  const Path at = path.child("addresses");
  if (addresses.empty()) {
    errors.required(at, "must contain at least 1 address");
  } else if (addresses.size() > kAddressesMax) {
    errors.too_many(at, addresses.size(), kAddressesMax);
  }
  const bool known = type == "IPv4" || type == "IPv6" || type == "FQDN";
  for (std::size_t i = 0; known && i < addresses.size(); ++i) {
    check_address(errors, as_text(addresses[i]), type, at.index(i));
  }
  if (const auto node = maybe_text(endpoint, "nodeName")) {
    check_dns_subdomain(errors, *node, path.child("nodeName"));
  }
  if (const auto host = maybe_text(endpoint, "hostname")) {
    check_dns_label(errors, *host, path.child("hostname"));
  }
  const Json& zones = array(object(endpoint, "hints"), "forZones");
  if (zones.size() > kHintsMax) {
    errors.too_many(path.child("hints.forZones"), zones.size(), kHintsMax);
  }
}

void check_ports(FieldErrors& errors, const Json& ports, const Path& path) {
  if (ports.size() > kPortsMax) errors.too_many(path, ports.size(), kPortsMax);
  std::set<std::string, std::less<>> names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view name = text(ports[i], "name"), protocol = text(ports[i], "protocol");
    if (!name.empty()) check_dns_label(errors, name, at.child("name"));
    if (!names.emplace(name).second) errors.duplicate(at.child("name"), name);
    if (const auto port = maybe_integer(ports[i], "port")) {
      for (const std::string& message : port_number_messages(*port)) {
        errors.invalid(at.child("port"), *port, message);
      }
    }
    if (protocol.empty()) {
      errors.required(at.child("protocol"));
    } else if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
      errors.not_supported(at.child("protocol"), protocol, {"SCTP", "TCP", "UDP"});
    }
    if (const auto app = maybe_text(ports[i], "appProtocol")) {
      check_qualified_name(errors, *app, at.child("appProtocol"));
    }
  }
}

void check_slice(FieldErrors& errors, const Json& slice) {
  const std::string_view type = text(slice, "addressType");
  if (type.empty()) {
    errors.required(Path("addressType"));
  } else if (type != "IPv4" && type != "IPv6" && type != "FQDN") {
    errors.not_supported(Path("addressType"), type, {"FQDN", "IPv4", "IPv6"});
  }
  const Json& endpoints = array(slice, "endpoints");
  const Path path("endpoints");
  if (endpoints.size() > kEndpointsMax) errors.too_many(path, endpoints.size(), kEndpointsMax);
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    check_endpoint(errors, endpoints[i], type, path.index(i));
  }
  check_ports(errors, array(slice, "ports"), Path("ports"));
}

}  // namespace

void check_endpoint_slice(FieldErrors& errors, const Json& slice) {
  check_object_meta(errors, slice, Scope::kNamespaced, subdomain_name);
  check_slice(errors, slice);
}

void check_endpoint_slice_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_slice(errors, now);
  check_immutable(errors, member(now, "addressType"), member(old, "addressType"),
                  Path("addressType"));
}

}  // namespace orrery::api
