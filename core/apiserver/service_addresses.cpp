#include "core/apiserver/service_addresses.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/api/checks/field_error.h"
#include "core/api/managed_entries.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

const api::Service& service_of(const api::Object& object) {
  return static_cast<const api::Service&>(object);
}

std::string ip_text(std::uint32_t ip) {
  return fmt::format("{}.{}.{}.{}", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

std::optional<std::uint32_t> ip_number(std::string_view text) {
  std::uint32_t ip = 0;
  for (int i = 0; i < 4; ++i) {
    unsigned part = 0;
    const auto r = std::from_chars(text.data(), text.data() + text.size(), part);
    if (r.ec != std::errc() || part > 255) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(r.ptr - text.data()));
    ip = ip << 8 | part;
    if (i == 3) break;
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(ip) : std::nullopt;
}

bool needs_ip(const api::Service& s) {
  return !(s.spec.type == "ExternalName") && !(s.spec.cluster_ip == "None");
}
json extra_field(const api::Service& s, const char* key) {
  return s.spec.extra ? s.spec.extra.json().value(key, json()) : json();
}
bool needs_ports(const api::Service& s) {
  if (s.spec.type == "NodePort") return true;
  const json wanted = extra_field(s, "allocateLoadBalancerNodePorts");
  return s.spec.type == "LoadBalancer" && !(wanted.is_boolean() && !wanted.get<bool>());
}
bool needs_health_check_port(const api::Service& s) {
  return s.spec.type == "LoadBalancer" && s.spec.external_traffic_policy == "Local";
}
std::int32_t health_check_port(const api::Service& s) {
  const json port = extra_field(s, "healthCheckNodePort");
  return port.is_number_integer() ? port.get<std::int32_t>() : 0;
}

bool has_ip(const api::Service* s, const Text& ip) {
  return s && std::find(s->spec.cluster_ips.begin(), s->spec.cluster_ips.end(), ip) !=
                  s->spec.cluster_ips.end();
}
bool has_port(const api::Service* s, std::int32_t port) {
  return s && std::any_of(s->spec.ports.begin(), s->spec.ports.end(),
                          [&](const api::ServicePort& p) { return p.node_port == port; });
}

Status invalid(const api::Service& service, const api::FieldErrors& errors) {
  return api::invalid_status("Service", "", service.meta.name.view(), errors);
}

// The allocator's entry in managedFields, as upstream's has one.
api::RawRef managers_of_address(Time now) {
  static const json kFields = json::parse(
      R"({"f:metadata":{"f:labels":{".":{},"f:ipaddress.kubernetes.io/ip-family":{},)"
      R"("f:ipaddress.kubernetes.io/managed-by":{}}},)"
      R"("f:spec":{"f:parentRef":{".":{},"f:name":{},"f:namespace":{},"f:resource":{}}}})");
  const json entry = {{"manager", "kube-apiserver"},
                      {"operation", "Update"},
                      {"apiVersion", "networking.k8s.io/v1"},
                      {"time", format_rfc3339(now)},
                      {"fieldsType", "FieldsV1"},
                      {"fieldsV1", kFields}};
  json managers = json::array({entry});
  api::pack_managers(managers);
  return api::RawRef(json{{api::kManagedFields, std::move(managers)}});
}

constexpr char kPortTaken[] = "provided port is already allocated";

Status port_error(const api::Service& s, std::int32_t port, std::size_t index,
                  std::string_view why) {
  api::FieldErrors errors;
  errors.invalid(api::Path(fmt::format("spec.ports[{}].nodePort", index)), port, why);
  return invalid(s, errors);
}

}  // namespace

void ServiceAddresses::mark(const api::Object& object, bool used) {
  const api::Service& s = service_of(object);
  for (const Text& ip : s.spec.cluster_ips) {
    const auto number = ip_number(ip.view());
    if (number && *number - kIpBase < kIpCount) ips_[*number - kIpBase] = used;
  }
  const auto mark_port = [&](std::int32_t port) {
    const auto offset = static_cast<std::size_t>(port - kPortBase);
    if (port >= kPortBase && offset < kPortCount) ports_[offset] = used;
  };
  for (const api::ServicePort& p : s.spec.ports) mark_port(p.node_port);
  mark_port(health_check_port(s));
}

void ServiceAddresses::read_stored() {
  if (has_read_) return;
  has_read_ = true;
  store_.table(api::KindId::kService).for_each([&](const api::ObjectRef& o) { mark(*o, true); });
}

void ServiceAddresses::follow(const store::Change& change) {
  read_stored();
  if (change.before) mark(*change.before, false);
  if (change.type != WatchType::kDeleted) mark(*change.now, true);
}

void ServiceAddresses::give_back(const api::Object& service) {
  mark(service, false);
  const api::ObjectRef* stored =
      store_.find(api::KindId::kService, service.meta.namespace_, service.meta.name.view());
  if (stored) mark(**stored, true);
}

// A free offset from a random start in the upper part, then from the lower; `last` itself is not
// used. 0 when all are taken (offset 0 is no address).
std::size_t ServiceAddresses::draw(Used& used, std::size_t band, std::size_t last) {
  const std::size_t upper = last - band;
  const auto start = static_cast<std::size_t>(stream_.below(upper));
  for (std::size_t i = 0; i < upper; ++i) {
    const std::size_t at = band + (start + i) % upper;
    if (used[at]) continue;
    used[at] = true;
    return at;
  }
  for (std::size_t at = 1; at < band; ++at) {
    if (used[at]) continue;
    used[at] = true;
    return at;
  }
  return 0;
}

Status ServiceAddresses::place_ip(api::Service& s, const api::Service* old, bool dry_run) {
  if (!needs_ip(s)) return Status();
  if (s.spec.cluster_ip.empty()) {
    const std::size_t offset = draw(ips_, kIpBand, kIpCount - 1);
    if (offset == 0) return internal_error("failed to allocate a serviceIP: range is full");
    const Text ip(ip_text(kIpBase + static_cast<std::uint32_t>(offset)));
    s.spec.cluster_ip = ip;
    s.spec.cluster_ips = {ip};
    return Status();
  }
  if (has_ip(old, s.spec.cluster_ip)) return Status();
  const auto number = ip_number(s.spec.cluster_ip.view());
  const std::uint32_t offset = number.value_or(0) - kIpBase;
  std::string why;
  if (!number || offset >= kIpCount) {
    why = fmt::format(
        "the provided IP ({}) is not in the valid range. The range of valid IPs is "
        "10.96.0.0/16",
        s.spec.cluster_ip.view());
  } else if (ips_[offset] && !dry_run) {
    why = "provided IP is already allocated";
  } else {
    if (!dry_run) ips_[offset] = true;
    return Status();
  }
  json shown = json::array();
  for (const Text& ip : s.spec.cluster_ips) shown.push_back(ip.str());
  api::FieldErrors errors;
  errors.invalid_raw(api::Path("spec.clusterIPs"), shown.dump(),
                     fmt::format("failed to allocate IP {}: {}", s.spec.cluster_ip.view(), why));
  return invalid(s, errors);
}

Status ServiceAddresses::reserve_port(const api::Service& s, std::int32_t port, std::size_t index) {
  const auto offset = static_cast<std::size_t>(port - kPortBase);
  std::string why;
  if (port < kPortBase || offset >= kPortCount) {
    why = "provided port is not in the valid range. The range of valid ports is 30000-32767";
  } else if (ports_[offset]) {
    why = kPortTaken;
  } else {
    ports_[offset] = true;
    return Status();
  }
  return port_error(s, port, index, why);
}

Status ServiceAddresses::place_ports(api::Service& s, const api::Service* old, bool dry_run) {
  if (!needs_ports(s)) return Status();
  auto& ports = s.spec.ports.edit();
  // A new service uses one node port for all protocols of a port; a changed one does not.
  std::map<std::int32_t, std::int32_t> by_port;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    api::ServicePort& p = ports[i];
    if (!old && p.node_port == 0) {
      for (const api::ServicePort& other : ports) {
        if (other.port == p.port && other.node_port != 0) p.node_port = other.node_port;
      }
    }
    if (p.node_port == 0) {
      const std::size_t offset = draw(ports_, kPortBand, kPortCount);
      if (offset == 0) return internal_error("failed to allocate a nodePort: range is full");
      p.node_port = kPortBase + static_cast<std::int32_t>(offset);
      by_port[p.node_port] = p.port;
    } else if (!has_port(old, p.node_port)) {
      const auto [it, is_new] = by_port.emplace(p.node_port, p.port);
      if (!is_new && !old && it->second != p.port) {
        return port_error(s, p.node_port, i, kPortTaken);
      }
      if (is_new && !dry_run) RETURN_IF_ERROR(reserve_port(s, p.node_port, i));
    }
  }
  return Status();
}

Status ServiceAddresses::place_health_check_port(api::Service& s, const api::Service* old) {
  if (!needs_health_check_port(s)) return Status();
  std::int32_t port = health_check_port(s);
  if (port != 0) {
    const auto offset = static_cast<std::size_t>(port - kPortBase);
    if (port >= kPortBase && offset < kPortCount &&
        (!ports_[offset] || (old && health_check_port(*old) == port))) {
      ports_[offset] = true;
      return Status();
    }
    return internal_error(
        fmt::format("failed to allocate requested HealthCheck NodePort {}: "
                    "provided port is already allocated or out of range",
                    port));
  }
  const std::size_t offset = draw(ports_, kPortBand, kPortCount);
  if (offset == 0)
    return internal_error("failed to allocate a HealthCheck NodePort: range is full");
  port = kPortBase + static_cast<std::int32_t>(offset);
  json extra = s.spec.extra ? s.spec.extra.json() : json::object();
  extra["healthCheckNodePort"] = port;
  s.spec.extra = api::RawRef(std::move(extra));
  return Status();
}

Result<Ref<api::Object>> ServiceAddresses::allocate(const Ref<api::Object>& service,
                                                    const api::Object* old_object, bool dry_run) {
  read_stored();
  const api::Service* old = old_object ? &service_of(*old_object) : nullptr;
  const Used ips = ips_, ports = ports_;
  Ref<api::Object> placed = service->clone();
  auto& s = static_cast<api::Service&>(*placed);
  Status status = place_ip(s, old, dry_run);
  if (status.ok()) status = place_ports(s, old, dry_run);
  if (status.ok() && !(dry_run && health_check_port(s) != 0)) {
    status = place_health_check_port(s, old);
  }
  if (dry_run || !status.ok()) {
    ips_ = ips;
    ports_ = ports;
  }
  if (!status.ok()) return status;
  return placed;
}

void ServiceAddresses::record(const api::Object* old_object, const api::Object* now_object) {
  const api::KindInfo* info = kinds_.find("networking.k8s.io/v1", "IPAddress");
  if (!info) return;
  const api::Service* old = old_object ? &service_of(*old_object) : nullptr;
  const api::Service* now = now_object ? &service_of(*now_object) : nullptr;
  const api::List<Text> none;
  for (const Text& ip : old ? old->spec.cluster_ips : none) {
    const api::ObjectRef* stored = store_.find(info->id, Symbol(), ip.view());
    if (has_ip(now, ip) || !stored) continue;
    store_.remove((*stored)->clone(), (*stored)->meta.resource_version,
                  [](Result<api::ObjectRef>) {});
  }
  for (const Text& ip : now ? now->spec.cluster_ips : none) {
    if (ip == "None" || has_ip(old, ip)) continue;
    auto address = make_ref<api::Dynamic>(info->id);
    address->meta.name = ip;
    address->meta.uid = Uid::draw(stream_);
    address->meta.creation_timestamp = now->meta.creation_timestamp;
    address->meta.labels = api::LabelSet(api::Labels(
        {{Symbol("ipaddress.kubernetes.io/ip-family"), Symbol("IPv4")},
         {Symbol("ipaddress.kubernetes.io/managed-by"), Symbol("ipallocator.k8s.io")}}));
    address->meta.extra = managers_of_address(now->meta.creation_timestamp);
    address->body = api::RawRef(json{{"spec",
                                      {{"parentRef",
                                        {{"resource", "services"},
                                         {"namespace", now->meta.namespace_.str()},
                                         {"name", now->meta.name.str()}}}}}});
    store_.put(address, 0, [](Result<api::ObjectRef>) {});
  }
}

}  // namespace orrery::apiserver
