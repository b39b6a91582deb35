#include "core/apiserver/service_update.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/api/checks/json_view.h"

namespace orrery::apiserver {
namespace {

using api::Json;

bool needs_cluster_ip(const Json& spec) {
  const auto type = api::text(spec, "type");
  return type == "ClusterIP" || type == "NodePort" || type == "LoadBalancer";
}
bool needs_node_port(const Json& spec) {
  const auto type = api::text(spec, "type");
  if (type == "NodePort") return true;
  return type == "LoadBalancer" &&
         api::maybe_flag(spec, "allocateLoadBalancerNodePorts").value_or(true);
}
bool needs_health_check_port(const Json& spec) {
  return api::text(spec, "type") == "LoadBalancer" &&
         api::text(spec, "externalTrafficPolicy") == "Local";
}
bool needs_external_policy(const Json& spec) {
  const auto type = api::text(spec, "type");
  return type == "NodePort" || type == "LoadBalancer" || !api::array(spec, "externalIPs").empty();
}
bool is(const Json& spec, std::string_view type) { return api::text(spec, "type") == type; }

bool same_member(const Json& a, const Json& b, const char* key) {
  const Json* x = api::member(a, key);
  const Json* y = api::member(b, key);
  return x && y ? *x == *y : !x && !y;
}
void drop_if_untouched(Json& now, const Json& old, const char* key) {
  if (same_member(now, old, key)) now.erase(key);
}

std::set<std::int64_t> node_ports(const Json& spec) {
  std::set<std::int64_t> ports;
  for (const Json& port : api::array(spec, "ports")) {
    if (const auto n = api::integer(port, "nodePort")) ports.insert(n);
  }
  return ports;
}

void keep_node_ports(Json& now, const Json& old) {
  const std::set<std::int64_t> before = node_ports(old);
  std::set<std::int64_t> used;
  for (const std::int64_t port : node_ports(now)) {
    if (before.count(port)) used.insert(port);
  }
  std::map<std::string, std::int64_t> by_name;
  for (const Json& port : api::array(old, "ports")) {
    by_name[std::string(api::text(port, "name"))] = api::integer(port, "nodePort");
  }
  for (Json& port : api::items_of(now, "ports")) {
    if (api::integer(port, "nodePort") != 0) continue;
    const auto it = by_name.find(std::string(api::text(port, "name")));
    if (it == by_name.end() || it->second == 0 || !used.insert(it->second).second) continue;
    port["nodePort"] = it->second;
  }
}

}  // namespace

void keep_allocated_values(Json& now_service, const Json& old_service) {
  Json& now = now_service["spec"];
  const Json& old = api::object(old_service, "spec");
  if (needs_cluster_ip(old) && needs_cluster_ip(now)) {
    if (api::text(now, "clusterIP").empty() && api::has(old, "clusterIP")) {
      now["clusterIP"] = old["clusterIP"];
    }
    if (api::array(now, "clusterIPs").empty() && same_member(now, old, "clusterIP") &&
        api::has(old, "clusterIPs")) {
      now["clusterIPs"] = old["clusterIPs"];
    }
  }
  if (needs_node_port(old) && needs_node_port(now)) keep_node_ports(now, old);
  if (needs_health_check_port(old) && needs_health_check_port(now) &&
      api::integer(now, "healthCheckNodePort") == 0 && api::has(old, "healthCheckNodePort")) {
    now["healthCheckNodePort"] = old["healthCheckNodePort"];
  }
}

void drop_fields_of_old_type(Json& now_service, const Json& old_service) {
  Json& now = now_service["spec"];
  const Json& old = api::object(old_service, "spec");
  if (is(old, "ExternalName") && !is(now, "ExternalName"))
    drop_if_untouched(now, old, "externalName");
  if (needs_cluster_ip(old) && !needs_cluster_ip(now)) {
    if (same_member(now, old, "clusterIP") && same_member(now, old, "clusterIPs")) {
      now.erase("clusterIP");
      now.erase("clusterIPs");
    }
    for (const char* key : {"ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"}) {
      drop_if_untouched(now, old, key);
    }
  }
  if (needs_node_port(old) && !needs_node_port(now) && node_ports(now) == node_ports(old)) {
    for (Json& port : api::items_of(now, "ports")) port.erase("nodePort");
  }
  if (needs_health_check_port(old) && !needs_health_check_port(now)) {
    drop_if_untouched(now, old, "healthCheckNodePort");
  }
  if (is(old, "LoadBalancer") && !is(now, "LoadBalancer")) {
    drop_if_untouched(now, old, "allocateLoadBalancerNodePorts");
    drop_if_untouched(now, old, "loadBalancerClass");
  }
  if (needs_external_policy(old) && !needs_external_policy(now)) {
    drop_if_untouched(now, old, "externalTrafficPolicy");
  }
}

}  // namespace orrery::apiserver
