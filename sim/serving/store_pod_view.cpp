#include "sim/serving/store_pod_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/protobuf/wire_values.h"
#include "sim/pod_console/page_server.h"

namespace orrery::sim {
namespace {

using nlohmann::json;

template <class T>
Ref<const T> found_as(const api::ObjectRef* found) {
  return found ? api::as<T>(*found) : Ref<const T>();
}

bool is_headless(const api::Service& service) { return service.spec.cluster_ip == "None"; }

// "web.shop.svc.cluster.local" in labels, without the part that all services share.
std::vector<std::string> labels_of(std::string_view host) {
  while (!host.empty() && host.back() == '.') host.remove_suffix(1);
  std::vector<std::string> labels;
  while (!host.empty()) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    labels.emplace_back(host.substr(0, dot));
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
  if (labels.size() > 2 && labels.back() == "local") labels.resize(labels.size() - 2);
  if (labels.size() > 2 && labels.back() == "svc") labels.pop_back();
  return labels;
}

std::string variable_name(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

// What the kubelet gives containers for each Service (docker links' form).
void add_variables(NamedTexts& out, const api::Service& service) {
  const std::string name = variable_name(service.meta.name.view());
  const std::string address = service.spec.cluster_ip.str();
  if (service.spec.ports.empty()) return;
  const std::string first = std::to_string(service.spec.ports.begin()->port);
  out.emplace_back(name + "_SERVICE_HOST", address);
  out.emplace_back(name + "_SERVICE_PORT", first);
  for (const api::ServicePort& p : service.spec.ports) {
    if (p.name.empty()) continue;
    out.emplace_back(name + "_SERVICE_PORT_" + variable_name(p.name.view()),
                     std::to_string(p.port));
  }
  bool is_first = true;
  for (const api::ServicePort& p : service.spec.ports) {
    const std::string protocol = p.protocol.empty() ? "TCP" : p.protocol.str();
    std::string lower = protocol;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::string url = fmt::format("{}://{}:{}", lower, address, p.port);
    const std::string prefix = fmt::format("{}_PORT_{}_{}", name, p.port, protocol);
    if (is_first) out.emplace_back(name + "_PORT", url);
    out.emplace_back(prefix, url);
    out.emplace_back(prefix + "_PROTO", lower);
    out.emplace_back(prefix + "_PORT", std::to_string(p.port));
    out.emplace_back(prefix + "_ADDR", address);
    is_first = false;
  }
}

bool links_services(const api::Pod& pod) {
  if (!pod.spec->extra) return true;
  const json& extra = pod.spec->extra.json();
  const auto it = extra.find("enableServiceLinks");
  return it == extra.end() || *it != false;
}

bool is_address(std::string_view host) {
  return !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Without declared ports every port answers: images say nothing of theirs here.
bool listens(const api::Pod& pod, int port) {
  bool declares = false;
  for (const api::Container& c : pod.spec->containers) {
    for (const api::ContainerPort& p : c.ports) {
      declares = true;
      if (p.container_port == port) return true;
    }
  }
  return !declares;
}

}  // namespace

Ref<const api::Pod> StorePodView::find_pod(Symbol namespace_, std::string_view name) {
  return found_as<api::Pod>(store_.find(api::KindId::kPod, namespace_, name));
}

NodeFacts StorePodView::node_of(const api::Pod& pod) {
  NodeFacts facts{pod.node_name.str()};
  const auto node =
      found_as<api::Node>(store_.find(api::KindId::kNode, Symbol(), pod.node_name.view()));
  if (!node) return facts;
  if (const auto* cpu = node->status.capacity.find(Symbol("cpu"))) facts.cpus = cpu->value();
  if (const auto* memory = node->status.capacity.find(Symbol("memory"))) {
    facts.memory_bytes = memory->value();
  }
  if (!node->status.extra) return facts;
  const json info = node->status.extra.json().value("nodeInfo", json::object());
  facts.kernel = info.value("kernelVersion", facts.kernel);
  return facts;
}

std::optional<NamedTexts> StorePodView::config_map(Symbol namespace_, std::string_view name) {
  const auto map =
      found_as<api::ConfigMap>(store_.find(api::KindId::kConfigMap, namespace_, name));
  if (!map) return std::nullopt;
  NamedTexts out;
  for (const auto& [key, value] : map->data) out.emplace_back(key.str(), value.str());
  if (!map->extra) return out;
  const json binary = map->extra.json().value("binaryData", json::object());
  for (const auto& [key, value] : binary.items()) {
    if (value.is_string()) {
      out.emplace_back(key, api::base64_decode(value.get<std::string>()).value_or(""));
    }
  }
  return out;
}

std::optional<NamedTexts> StorePodView::secret(Symbol namespace_, std::string_view name) {
  const auto secret = found_as<api::Secret>(store_.find(api::KindId::kSecret, namespace_, name));
  if (!secret) return std::nullopt;
  NamedTexts out;
  for (const auto& [key, value] : secret->data) {
    out.emplace_back(key.str(), api::base64_decode(value.view()).value_or(""));
  }
  return out;
}

NamedTexts StorePodView::service_environment(const api::Pod& pod) {
  NamedTexts out;
  const auto kubernetes = find_service(Symbol("default"), "kubernetes");
  if (kubernetes) add_variables(out, *kubernetes);
  if (!links_services(pod)) return out;
  for (const api::ObjectRef& object : store_.table(api::KindId::kService).sorted()) {
    const auto& service = static_cast<const api::Service&>(*object);
    const bool is_own = service.meta.namespace_ == pod.meta.namespace_;
    if (!is_own || is_headless(service) || service.spec.cluster_ip.empty()) continue;
    if (kubernetes && &service == kubernetes.get()) continue;
    add_variables(out, service);
  }
  return out;
}

Ref<const api::Service> StorePodView::find_service(Symbol namespace_,
                                                   std::string_view name) const {
  return found_as<api::Service>(store_.find(api::KindId::kService, namespace_, name));
}

Ref<const api::Service> StorePodView::service_at(std::string_view address) const {
  Ref<const api::Service> found;
  store_.table(api::KindId::kService).for_each([&](const api::ObjectRef& object) {
    const auto service = api::as<api::Service>(object);
    if (service->spec.cluster_ip == address) found = service;
  });
  return found;
}

Ref<const api::Pod> StorePodView::pod_at(std::string_view address) const {
  Ref<const api::Pod> found;
  store_.table(api::KindId::kPod).for_each([&](const api::ObjectRef& object) {
    const auto pod = api::as<api::Pod>(object);
    if (pod->status.pod_ip == address && !api::is_terminal(*pod)) found = pod;
  });
  return found;
}

// visit(slice, endpoint) for each endpoint that traffic may go to.
template <class Visit>
void StorePodView::for_each_ready(const api::Service& service, const Visit& visit) const {
  static const Symbol kServiceName("kubernetes.io/service-name");
  for (const api::ObjectRef& object : store_.table(api::KindId::kEndpointSlice).sorted()) {
    const auto& slice = static_cast<const api::EndpointSlice&>(*object);
    if (!(slice.meta.namespace_ == service.meta.namespace_)) continue;
    if (!(slice.meta.labels->get(kServiceName) == service.meta.name.view())) continue;
    for (const api::Endpoint& endpoint : slice.endpoints) {
      if (endpoint.conditions.ready.value_or(true)) visit(slice, endpoint);
    }
  }
}

std::vector<std::string> StorePodView::resolve(const api::Pod& pod, std::string_view host) {
  if (is_address(host)) return {std::string(host)};
  const std::vector<std::string> labels = labels_of(host);
  if (labels.empty() || labels.size() > 3) return {};
  // NAME, NAME.NAMESPACE or, below a headless Service, HOST.NAME.NAMESPACE; HOST.NAME as well.
  const auto look = [&](std::size_t at) -> Ref<const api::Service> {
    if (at >= labels.size()) return {};
    const Symbol ns = at + 1 < labels.size() ? Symbol(labels[at + 1]) : pod.meta.namespace_;
    return at + 2 < labels.size() ? Ref<const api::Service>() : find_service(ns, labels[at]);
  };
  std::vector<std::string> addresses;
  if (const auto service = look(0)) {
    if (!is_headless(*service)) return {service->spec.cluster_ip.str()};
    for_each_ready(*service, [&](const api::EndpointSlice&, const api::Endpoint& endpoint) {
      for (const Text& address : endpoint.addresses) addresses.push_back(address.str());
    });
    return addresses;
  }
  const auto parent = look(1);
  if (!parent || !is_headless(*parent)) return {};
  for_each_ready(*parent, [&](const api::EndpointSlice&, const api::Endpoint& endpoint) {
    if (!endpoint.hostname || !(*endpoint.hostname == labels[0])) return;
    for (const Text& address : endpoint.addresses) addresses.push_back(address.str());
  });
  return addresses;
}

std::vector<StorePodView::Backend> StorePodView::backends(const api::Service& service,
                                                          int port) const {
  std::vector<Backend> out;
  const auto wanted = std::find_if(service.spec.ports.begin(), service.spec.ports.end(),
                                   [&](const api::ServicePort& p) { return p.port == port; });
  if (wanted == service.spec.ports.end()) return out;
  for_each_ready(service, [&](const api::EndpointSlice& slice, const api::Endpoint& endpoint) {
    for (const api::EndpointPort& p : slice.ports) {
      const bool is_it = p.name.value_or(Symbol()) == wanted->name;
      if (!is_it || !p.port || endpoint.addresses.empty()) continue;
      if (auto pod = pod_at(endpoint.addresses.begin()->view())) out.push_back({pod, *p.port});
    }
  });
  return out;
}

WebAnswer StorePodView::answer_of(const Backend& backend, const WebRequest& request) {
  using Outcome = WebAnswer::Outcome;
  if (!(backend.pod->status.phase == "Running")) return {Outcome::kTimedOut};
  if (!listens(*backend.pod, backend.port)) return {Outcome::kRefused};
  PageServer page(backend.pod, backend.port, requests_[backend.pod->meta.uid]);
  const std::string answer =
      page.receive(fmt::format("GET {} HTTP/1.0\r\nHost: {}\r\n\r\n", request.path, request.host));
  const std::size_t body = answer.find("\r\n\r\n");
  WebAnswer out{Outcome::kAnswered};
  if (answer.size() > 12) out.status = std::atoi(answer.c_str() + 9);  // "HTTP/1.x NNN"
  if (body != std::string::npos) out.body = answer.substr(body + 4);
  return out;
}

WebAnswer StorePodView::fetch(const api::Pod& pod, const WebRequest& request) {
  using Outcome = WebAnswer::Outcome;
  const std::vector<std::string> addresses = resolve(pod, request.host);
  if (addresses.empty()) return {Outcome::kUnknownHost};
  if (const auto service = service_at(addresses.front())) {
    // A Service drops what comes to ports that it does not have, and refuses without endpoints.
    const bool has_port =
        std::any_of(service->spec.ports.begin(), service->spec.ports.end(),
                    [&](const api::ServicePort& p) { return p.port == request.port; });
    if (!has_port) return {Outcome::kTimedOut};
    const std::vector<Backend> ready = backends(*service, request.port);
    if (ready.empty()) return {Outcome::kRefused};
    return answer_of(ready[turns_[service->meta.uid]++ % ready.size()], request);
  }
  const auto target = pod_at(addresses.front());
  return target ? answer_of({target, request.port}, request) : WebAnswer{Outcome::kTimedOut};
}

void StorePodView::end_container(const api::Pod& pod, Symbol container, int exit_code) {
  fleet_.end_container(pod.node_name, pod.meta.uid, container, exit_code);
}

}  // namespace orrery::sim
