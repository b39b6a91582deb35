#include <algorithm>
#include <set>

#include "core/api/checks/container_checks.h"
#include "core/api/checks/core_checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr char kOnlyLoadBalancer[] = "may only be used when `type` is 'LoadBalancer'";
constexpr std::int64_t kAffinitySecondsMax = 86400;

bool is_externally_accessible(const Json& spec) {
  const std::string_view type = text(spec, "type");
  return type == "LoadBalancer" || type == "NodePort" ||
         (type == "ClusterIP" && !array(spec, "externalIPs").empty());
}

bool needs_health_check(const Json& spec) {
  return text(spec, "type") == "LoadBalancer" && text(spec, "externalTrafficPolicy") == "Local";
}

void check_type(FieldErrors& errors, const Json& service, const Json& spec, const Path& path) {
  const std::string_view type = text(spec, "type");
  if (type == "LoadBalancer" || type == "NodePort") {
    if (is_headless(service)) {
      errors.invalid(path.at("clusterIPs", 0), "None",
                     "may not be set to 'None' for " + std::string(type) + " services");
    }
  } else if (type == "ExternalName") {
    for (const char* key : {"clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
      const Json* value = member(spec, key);
      if (value && !(value->is_array() && value->empty())) {
        errors.forbidden(path.child(key), "may not be set for ExternalName services");
      }
    }
    std::string_view name = text(spec, "externalName");
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty()) {
      errors.required(path.child("externalName"));
    } else {
      check_dns_subdomain(errors, name, path.child("externalName"));
    }
  }
}

void check_service_port(FieldErrors& errors, const Json& port, bool name_required,
                        std::set<std::string, std::less<>>& names, const Path& path) {
  const std::string_view name = text(port, "name");
  if (name.empty()) {
    if (name_required) errors.required(path.child("name"));
  } else {
    check_dns_label(errors, name, path.child("name"));
    if (!names.emplace(name).second) errors.duplicate(path.child("name"), name);
  }
  for (const std::string& message : port_number_messages(integer(port, "port"))) {
    errors.invalid(path.child("port"), integer(port, "port"), message);
  }
  const std::string_view protocol = text(port, "protocol");
  if (protocol.empty()) {
    errors.required(path.child("protocol"));
  } else if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
    errors.not_supported(path.child("protocol"), protocol, {"SCTP", "TCP", "UDP"});
  }
  check_port_number_or_name(errors, member(port, "targetPort"), path.child("targetPort"));
  if (const auto app = maybe_text(port, "appProtocol")) {
    check_qualified_name(errors, *app, path.child("appProtocol"));
  }
}

void check_affinity_config(FieldErrors& errors, const Json& spec, const Path& path) {
  constexpr char kWhen[] = "when session affinity type is ClientIP";
  const Json* config = member(spec, "sessionAffinityConfig");
  const Path at = path.child("sessionAffinityConfig");
  if (!config) return errors.required(at, kWhen);
  const Json* client = member(*config, "clientIP");
  if (!client) return errors.required(at.child("clientIP"), kWhen);
  const auto seconds = maybe_integer(*client, "timeoutSeconds");
  if (!seconds) return errors.required(at.child("clientIP.timeoutSeconds"), kWhen);
  if (*seconds <= 0 || *seconds > kAffinitySecondsMax) {
    errors.invalid(at.child("clientIP.timeoutSeconds"), *seconds,
                   "must be greater than 0 and less than 86400");
  }
}

void check_session_affinity(FieldErrors& errors, const Json& spec, const Path& path) {
  const std::string_view affinity = text(spec, "sessionAffinity");
  if (affinity.empty()) {
    errors.required(path.child("sessionAffinity"));
  } else if (affinity == "ClientIP") {
    check_affinity_config(errors, spec, path);
  } else if (affinity == "None") {
    if (has(spec, "sessionAffinityConfig")) {
      errors.forbidden(path.child("sessionAffinityConfig"),
                       "must not be set when session affinity is None");
    }
  } else {
    errors.not_supported(path.child("sessionAffinity"), affinity, {"ClientIP", "None"});
  }
}

// Pairs of protocol and port, and of protocol and node port, are unique.
void check_port_pairs(FieldErrors& errors, const Json& ports, bool cluster_ip, const Path& path) {
  using Pairs = std::set<std::pair<std::string, std::int64_t>>;
  for (std::size_t i = 0; cluster_ip && i < ports.size(); ++i) {
    if (integer(ports[i], "nodePort") == 0) continue;
    errors.forbidden(path.at("ports", i).child("nodePort"),
                     "may not be used when `type` is 'ClusterIP'");
  }
  Pairs node_ports, numbers;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::int64_t port = integer(ports[i], "nodePort");
    if (port != 0 && !node_ports.emplace(text(ports[i], "protocol"), port).second) {
      errors.duplicate_raw(path.at("ports", i).child("nodePort"), std::to_string(port));
    }
  }
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string_view protocol = text(ports[i], "protocol");
    const std::int64_t port = integer(ports[i], "port");
    if (numbers.emplace(protocol, port).second) continue;
    const Json key = {{"protocol", protocol}, {"port", port}, {"targetPort", 0}};
    errors.duplicate_raw(path.at("ports", i), internal_text("ServicePort", &key));
  }
}

void check_source_ranges(FieldErrors& errors, const Json& service, const Path& path) {
  constexpr char kAnnotation[] = "service.beta.kubernetes.io/load-balancer-source-ranges";
  const Json& spec = object(service, "spec");
  const Json& ranges = array(spec, "loadBalancerSourceRanges");
  const bool balanced = text(spec, "type") == "LoadBalancer";
  const auto trim = [](std::string_view s) {
    while (s.starts_with(' ')) s.remove_prefix(1);
    while (s.ends_with(' ')) s.remove_suffix(1);
    return s;
  };
  if (!ranges.empty()) {
    const Path at = path.child("LoadBalancerSourceRanges");
    if (!balanced) errors.forbidden(at, kOnlyLoadBalancer);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      check_cidr(errors, trim(as_text(ranges[i])), at.index(i));
    }
    return;
  }
  const auto value = maybe_text(object(object(service, "metadata"), "annotations"), kAnnotation);
  if (!value) return;
  const Path annotations("metadata.annotations");
  if (!balanced) errors.forbidden(annotations.key(kAnnotation), kOnlyLoadBalancer);
  std::string_view rest = trim(*value);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    check_cidr(errors, trim(rest.substr(0, comma)), annotations.key(kAnnotation));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
}

void check_load_balancer(FieldErrors& errors, const Json& spec, const Path& path) {
  const bool balanced = text(spec, "type") == "LoadBalancer";
  if (has(spec, "allocateLoadBalancerNodePorts") && !balanced) {
    errors.forbidden(path.child("allocateLoadBalancerNodePorts"), kOnlyLoadBalancer);
  }
  if (balanced && !has(spec, "allocateLoadBalancerNodePorts")) {
    errors.required(Path("allocateLoadBalancerNodePorts"));
  }
  const auto load_balancer_class = maybe_text(spec, "loadBalancerClass");
  if (!load_balancer_class) return;
  if (balanced) {
    check_qualified_name(errors, *load_balancer_class, path.child("loadBalancerClass"));
  } else {
    errors.forbidden(path.child("loadBalancerClass"), kOnlyLoadBalancer);
  }
}

void check_external_traffic(FieldErrors& errors, const Json& spec, const Path& path) {
  const std::string_view policy = text(spec, "externalTrafficPolicy");
  const Path at = path.child("externalTrafficPolicy");
  if (!is_externally_accessible(spec)) {
    if (!policy.empty()) {
      errors.invalid(at, policy, "may only be set for externally-accessible services");
    }
  } else if (policy.empty()) {
    errors.required(at);
  } else if (policy != "Cluster" && policy != "Local") {
    errors.not_supported(at, policy, {"Cluster", "Local"});
  }
  const std::int64_t port = integer(spec, "healthCheckNodePort");
  const Path port_path = path.child("healthCheckNodePort");
  if (!needs_health_check(spec)) {
    if (port != 0) {
      errors.invalid(port_path, port,
                     "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is "
                     "'Local'");
    }
  } else if (port == 0) {
    errors.required(port_path);
  } else {
    for (const std::string& message : port_number_messages(port)) {
      errors.invalid(port_path, port, message);
    }
  }
}

void check_internal_traffic(FieldErrors& errors, const Json& spec, const Path& path) {
  const auto policy = maybe_text(spec, "internalTrafficPolicy");
  const std::string_view type = text(spec, "type");
  if (!policy && (type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP")) {
    errors.required(path.child("internalTrafficPolicy"));
  }
  if (policy && *policy != "Cluster" && *policy != "Local") {
    errors.not_supported(path.child("internalTrafficPolicy"), *policy, {"Cluster", "Local"});
  }
  const auto distribution = maybe_text(spec, "trafficDistribution");
  if (distribution && *distribution != "PreferClose" && *distribution != "PreferSameZone" &&
      *distribution != "PreferSameNode") {
    errors.not_supported(path.child("trafficDistribution"), *distribution,
                         {"PreferClose", "PreferSameNode", "PreferSameZone"});
  }
}

void check_spec(FieldErrors& errors, const Json& service) {
  const Json& spec = object(service, "spec");
  const Path path("spec");
  const std::string_view type = text(spec, "type");
  const Json& ports = array(spec, "ports");
  if (ports.empty() && !is_headless(service) && type != "ExternalName") {
    errors.required(path.child("ports"));
  }
  check_type(errors, service, spec, path);
  std::set<std::string, std::less<>> names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    check_service_port(errors, ports[i], ports.size() > 1, names, path.at("ports", i));
  }
  check_labels(errors, object(spec, "selector"), path.child("selector"));
  check_session_affinity(errors, spec, path);
  check_cluster_ips(errors, service);
  const Json& external = array(spec, "externalIPs");
  for (std::size_t i = 0; i < external.size(); ++i) {
    const std::string_view ip = as_text(external[i]);
    check_ip(errors, ip, path.at("externalIPs", i));
    if (parse_ip(ip).valid) check_not_special_ip(errors, ip, path.at("externalIPs", i));
  }
  if (type.empty()) {
    errors.required(path.child("type"));
  } else if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer" &&
             type != "ExternalName") {
    errors.not_supported(path.child("type"), type,
                         {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"});
  }
  check_port_pairs(errors, ports, type == "ClusterIP", path);
  check_source_ranges(errors, service, path);
  check_load_balancer(errors, spec, path);
  check_external_traffic(errors, spec, path);
  check_internal_traffic(errors, spec, path);
}

void check_load_balancer_update(FieldErrors& errors, const Json& now, const Json& old) {
  if (text(now, "type") != "LoadBalancer" || text(old, "type") != "LoadBalancer") return;
  const Path path("spec");
  if (maybe_text(now, "loadBalancerClass") != maybe_text(old, "loadBalancerClass")) {
    errors.invalid_raw(path.child("loadBalancerClass"), json_text(member(now, "loadBalancerClass")),
                       "may not change once set");
  }
  if (needs_health_check(now) && needs_health_check(old) &&
      integer(now, "healthCheckNodePort") != integer(old, "healthCheckNodePort")) {
    errors.forbidden(path.child("healthCheckNodePort"), "field is immutable");
  }
}

// The first cluster IP and the first family of a service stay as they are.
void check_primary_update(FieldErrors& errors, const Json& now, const Json& old, const char* key) {
  const Json &after = array(now, key), &before = array(old, key);
  const Path path("spec");
  const std::string what = std::string_view(key) == "clusterIPs" ? "clusterIP" : "ipFamily";
  if (after.size() == before.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (after[i] != before[i]) {
        errors.invalid_raw(path.at(key, i), after.dump(), "may not change once set");
      }
    }
    return;
  }
  if (after.empty()) {
    errors.invalid_raw(path.at(key, 0), "null", "primary " + what + " can not be unset");
  } else if (!before.empty() && after[0] != before[0]) {
    errors.invalid_raw(path.at(key, 0), after.dump(), "may not change once set");
  }
  if (before.size() > after.size() && after.size() == 1 &&
      text(now, "ipFamilyPolicy") != "SingleStack") {
    errors.invalid(path.child("ipFamilyPolicy"), text(now, "ipFamilyPolicy"),
                   "must be set to 'SingleStack' when releasing the secondary " + what);
  }
}

}  // namespace

bool is_headless(const Json& service) {
  const Json& ips = array(object(service, "spec"), "clusterIPs");
  return ips.size() == 1 && as_text(ips[0]) == "None";
}

void check_service(FieldErrors& errors, const Json& service) {
  check_object_meta(errors, service, Scope::kNamespaced, label_name);
  check_spec(errors, service);
}

void check_service_update(FieldErrors& errors, const Json& now_service, const Json& old_service) {
  const Json& now = object(now_service, "spec");
  const Json& old = object(old_service, "spec");
  check_object_meta_update(errors, now_service, old_service);
  const bool external = text(now, "type") == "ExternalName" || text(old, "type") == "ExternalName";
  const bool headless = is_headless(now_service), was_headless = is_headless(old_service);
  if (!external && !(headless && was_headless)) {
    check_primary_update(errors, now, old, "clusterIPs");
  }
  if (!external && !headless && !was_headless) {
    check_primary_update(errors, now, old, "ipFamilies");
  }
  check_load_balancer_update(errors, now, old);
  check_service(errors, now_service);
}

void check_service_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json& ingress = array(object(object(now, "status"), "loadBalancer"), "ingress");
  const Path path("status.loadBalancer");
  if (text(object(now, "spec"), "type") != "LoadBalancer") {
    if (!ingress.empty()) {
      errors.forbidden(path.child("ingress"),
                       "may only be used when `spec.type` is 'LoadBalancer'");
    }
    return;
  }
  for (std::size_t i = 0; i < ingress.size(); ++i) {
    const Path at = path.at("ingress", i);
    const std::string_view ip = text(ingress[i], "ip"), host = text(ingress[i], "hostname");
    if (!ip.empty()) check_ip(errors, ip, at.child("ip"));
    if (!ip.empty() && !has(ingress[i], "ipMode")) {
      errors.required(at.child("ipMode"), "must be specified when `ip` is set");
    }
    if (!host.empty()) check_dns_subdomain(errors, host, at.child("hostname"));
  }
}

}  // namespace orrery::api
