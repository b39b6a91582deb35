// Service (core/v1) and EndpointSlice (discovery.k8s.io/v1).
#pragma once

#include "core/api/object.h"
#include "core/api/values/int_or_string.h"

namespace orrery::api {

struct ServicePort {
  Symbol name;
  Symbol protocol;
  std::optional<Symbol> app_protocol;
  std::int32_t port = 0;
  IntOrString target_port;
  std::int32_t node_port = 0;
  RawRef extra;
  bool operator==(const ServicePort&) const = default;
};

struct ServiceSpec {
  List<ServicePort> ports;
  LabelSet selector;
  Text cluster_ip;  // "None" for headless
  List<Text> cluster_ips;
  Symbol type;  // ClusterIP, NodePort, LoadBalancer, ExternalName
  Symbol session_affinity;
  bool publish_not_ready_addresses = false;
  std::optional<Symbol> internal_traffic_policy;
  Symbol external_traffic_policy;
  std::optional<Symbol> traffic_distribution;
  List<Symbol> ip_families;
  std::optional<Symbol> ip_family_policy;
  RawRef extra;
  bool operator==(const ServiceSpec&) const = default;
};

struct Service final : ObjectOf<Service, KindId::kService> {
  ServiceSpec spec;
  RawRef status;
  RawRef extra;
};

struct ObjectReference {
  Symbol api_version;
  Symbol kind;
  Symbol namespace_;
  Text name;
  Uid uid;
  Revision resource_version = 0;
  Text field_path;
  bool operator==(const ObjectReference&) const = default;
};

struct EndpointConditions {
  std::optional<bool> ready;
  std::optional<bool> serving;
  std::optional<bool> terminating;
  bool operator==(const EndpointConditions&) const = default;
};

struct Endpoint {
  List<Text> addresses;
  EndpointConditions conditions;
  std::optional<Text> hostname;
  Shared<ObjectReference> target_ref;
  Symbol node_name;
  Symbol zone;
  RawRef extra;  // hints, deprecatedTopology
  bool operator==(const Endpoint&) const = default;
};

struct EndpointPort {
  std::optional<Symbol> name;
  std::optional<Symbol> protocol;
  std::optional<std::int32_t> port;
  std::optional<Symbol> app_protocol;
  bool operator==(const EndpointPort&) const = default;
};

struct EndpointSlice final : ObjectOf<EndpointSlice, KindId::kEndpointSlice> {
  Symbol address_type;  // IPv4, IPv6, FQDN
  List<Endpoint> endpoints;
  List<EndpointPort> ports;
  RawRef extra;
};

}  // namespace orrery::api
