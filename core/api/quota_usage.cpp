// What objects use of a quota, and which of its scopes they are in.
#include <algorithm>
#include <map>
#include <set>

#include "core/api/pod.h"
#include "core/api/pod_requests.h"
#include "core/api/quota.h"
#include "core/api/service.h"
#include "core/api/storage.h"

namespace orrery::api {
namespace {

constexpr std::string_view kClassClaims = ".storageclass.storage.k8s.io/persistentvolumeclaims";
constexpr std::string_view kClassStorage = ".storageclass.storage.k8s.io/requests.storage";
constexpr std::string_view kRequests = "requests.";
constexpr std::string_view kHugepages = "hugepages-";

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_native(std::string_view name) {
  return name.find('/') == std::string_view::npos ||
         name.find("kubernetes.io/") != std::string_view::npos;
}

bool pods_use(std::string_view name) {
  static constexpr std::string_view kNames[] = {"pods",
                                                "cpu",
                                                "memory",
                                                "ephemeral-storage",
                                                "requests.cpu",
                                                "requests.memory",
                                                "requests.ephemeral-storage",
                                                "limits.cpu",
                                                "limits.memory",
                                                "limits.ephemeral-storage"};
  if (is_one_of(name, kNames) || name.starts_with(kHugepages)) return true;
  if (!name.starts_with(kRequests)) return false;
  return name.substr(kRequests.size()).starts_with(kHugepages) || !is_native(name);
}

Quantity one() { return Quantity::from_value(1); }

void add(ResourceList& to, Symbol name, const Quantity& amount) {
  const Quantity* have = to.find(name);
  to.set(name, have ? *have + amount : amount);
}

ResourceList largest(ResourceList a, const ResourceList& b) {
  for (const auto& [name, amount] : b) {
    const Quantity* have = a.find(name);
    if (!have || have->cmp(amount) < 0) a.set(name, amount);
  }
  return a;
}

// resourcehelper.PodLimits: as pod_requests(), but overhead only tops up limits that are there.
ResourceList pod_limits(const PodSpec& spec) {
  ResourceList total, sidecars, init;
  for (const Container& c : spec.containers) total = quota_sum(total, c.resources.limits);
  for (const Container& c : spec.init_containers) {
    ResourceList at_once = quota_sum(c.resources.limits, sidecars);
    if (c.restart_policy == "Always") {
      total = quota_sum(total, c.resources.limits);
      sidecars = at_once;
    }
    init = largest(init, at_once);
  }
  total = largest(total, init);
  if (spec.resources) {
    for (const auto& [name, amount] : spec.resources->limits) total.set(name, amount);
  }
  for (const auto& [name, amount] : spec.overhead) {
    if (total.find(name)) add(total, name, amount);
  }
  return total;
}

// Requests and limits under the names that quotas have for them (podComputeUsageHelper).
void add_compute(ResourceList& out, const ResourceList& requests, const ResourceList& limits) {
  static constexpr std::string_view kBasic[] = {"cpu", "memory", "ephemeral-storage"};
  for (const auto& [name, amount] : requests) {
    const std::string_view text = name.view();
    const bool basic = is_one_of(text, kBasic) || text.starts_with(kHugepages);
    if (basic) out.set(name, amount);
    if (basic || (!is_native(text) && !text.starts_with(kRequests))) {
      out.set(Symbol(std::string(kRequests) + name.str()), amount);
    }
  }
  for (const auto& [name, amount] : limits) {
    if (is_one_of(name.view(), kBasic)) out.set(Symbol("limits." + name.str()), amount);
  }
}

// QuotaV1Pod.
bool is_charged(const Pod& pod, Time now) {
  if (is_terminal(pod)) return false;
  const auto& grace = pod.meta.deletion_grace_period_seconds;
  return !pod.meta.is_being_deleted() || !grace ||
         now <= pod.meta.deletion_timestamp + std::chrono::seconds(*grace);
}

void add_pod(ResourceList& out, const Pod& pod, Time now) {
  if (!is_charged(pod, now)) return;
  out.set(Symbol("pods"), one());
  if (pod.spec) add_compute(out, pod_requests(*pod.spec), pod_limits(*pod.spec));
}

void add_service(ResourceList& out, const Service& service) {
  out.set(Symbol("services"), one());
  const bool balanced = service.spec.type == "LoadBalancer";
  std::int64_t node_ports = 0;
  for (const ServicePort& port : service.spec.ports) {
    // Balancers need none where allocateLoadBalancerNodePorts is false.
    if (service.spec.type == "NodePort" || (balanced && port.node_port != 0)) ++node_ports;
  }
  out.set(Symbol("services.loadbalancers"), Quantity::from_value(balanced ? 1 : 0));
  out.set(Symbol("services.nodeports"), Quantity::from_value(node_ports));
}

void add_claim(ResourceList& out, const PersistentVolumeClaim& claim) {
  const Symbol claims("persistentvolumeclaims"), storage("requests.storage");
  out.set(claims, one());
  std::string by_class;
  if (claim.spec.storage_class_name) by_class = claim.spec.storage_class_name->str();
  if (!by_class.empty()) out.set(Symbol(by_class + std::string(kClassClaims)), one());
  const Quantity* asked = claim.spec.resources.requests.find(Symbol("storage"));
  if (!asked) return;
  out.set(storage, *asked);
  if (!by_class.empty()) out.set(Symbol(by_class + std::string(kClassStorage)), *asked);
}

bool crosses_namespaces(const PodAffinity* affinity) {
  if (!affinity) return false;
  const auto crosses = [](const PodAffinityTerm& term) {
    return !term.namespaces.empty() || static_cast<bool>(term.namespace_selector);
  };
  return std::any_of(affinity->required.begin(), affinity->required.end(), crosses) ||
         std::any_of(affinity->preferred.begin(), affinity->preferred.end(),
                     [&](const auto& weighted) { return crosses(weighted.pod_affinity_term); });
}

bool has_priority_class(const Pod& pod, const QuotaScope& scope) {
  const Symbol name = pod.spec ? pod.spec->priority_class_name : Symbol();
  const bool listed = !name.empty() && std::find(scope.values.begin(), scope.values.end(), name) !=
                                           scope.values.end();
  if (scope.operator_ == "Exists") return !name.empty();
  if (scope.operator_ == "DoesNotExist") return name.empty();
  return scope.operator_ == "In" ? listed : scope.operator_ == "NotIn" && !listed;
}

bool is_in_scope(const Pod& pod, const QuotaScope& scope) {
  const bool ends = pod.spec && pod.spec->active_deadline_seconds.value_or(-1) >= 0;
  const bool best_effort = pod.status.qos_class == "BestEffort";
  if (scope.name == "Terminating") return ends;
  if (scope.name == "NotTerminating") return !ends;
  if (scope.name == "BestEffort") return best_effort;
  if (scope.name == "NotBestEffort") return !best_effort;
  if (scope.name == "PriorityClass") return has_priority_class(pod, scope);
  if (scope.name == "CrossNamespacePodAffinity" && pod.spec && pod.spec->affinity) {
    return crosses_namespaces(pod.spec->affinity->pod_affinity.get()) ||
           crosses_namespaces(pod.spec->affinity->pod_anti_affinity.get());
  }
  return false;
}

}  // namespace

bool quota_counts(const KindInfo& kind, std::string_view name) {
  static constexpr std::string_view kServices[] = {"services", "services.nodeports",
                                                   "services.loadbalancers"};
  static constexpr std::string_view kOldNames[] = {"configmaps", "resourcequotas",
                                                   "replicationcontrollers", "secrets"};
  if (!kind.namespaced || kind.kind == "Event") return false;
  if (name.starts_with("count/")) return name.substr(6) == kind.group_resource();
  switch (kind.id) {
    case KindId::kPod:
      return pods_use(name);
    case KindId::kService:
      return is_one_of(name, kServices);
    case KindId::kPersistentVolumeClaim:
      return name == "persistentvolumeclaims" || name == "requests.storage" ||
             name.ends_with(kClassClaims) || name.ends_with(kClassStorage);
    default:
      return kind.group.empty() && kind.resource == name && is_one_of(name, kOldNames);
  }
}

ResourceList quota_usage(const KindInfo& kind, const Object& object, Time now) {
  ResourceList out;
  out.set(Symbol("count/" + kind.group_resource()), one());
  switch (kind.id) {
    case KindId::kPod:
      add_pod(out, static_cast<const Pod&>(object), now);
      break;
    case KindId::kService:
      add_service(out, static_cast<const Service&>(object));
      break;
    case KindId::kPersistentVolumeClaim:
      add_claim(out, static_cast<const PersistentVolumeClaim&>(object));
      break;
    default:
      if (quota_counts(kind, kind.resource.view())) out.set(kind.resource, one());
      break;
  }
  return out;
}

bool quota_includes(const Quota& quota, const Object& object) {
  const Pod* pod = as<Pod>(&object);
  return std::all_of(quota.scopes.begin(), quota.scopes.end(),
                     [&](const QuotaScope& scope) { return pod && is_in_scope(*pod, scope); });
}

std::string quota_unspecified(const ResourceList& hard, const Object& object) {
  static constexpr std::string_view kChecked[] = {
      "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"};
  const Pod* pod = as<Pod>(&object);
  if (!pod || !pod->spec) return {};
  const auto& own = pod->spec->resources;  // resources of the pod as a whole answer for all
  if (own && !(own->requests.empty() && own->limits.empty())) return {};
  std::map<std::string_view, std::set<std::string_view>> missing;
  const auto look = [&](const Container& c) {
    ResourceList given;
    add_compute(given, c.resources.requests, c.resources.limits);
    for (const auto& [name, amount] : hard) {
      if (is_one_of(name.view(), kChecked) && !given.find(name)) {
        missing[name.view()].insert(c.name.view());
      }
    }
  };
  for (const Container& c : pod->spec->containers) look(c);
  for (const Container& c : pod->spec->init_containers) look(c);
  std::string out;
  for (const auto& [resource, containers] : missing) {
    out += out.empty() ? "must specify " : "; ";
    out.append(resource).append(" for: ");
    for (const std::string_view& name : containers) {
      if (name != *containers.begin()) out += ',';
      out += name;
    }
  }
  return out;
}

ResourceList quota_mask(const ResourceList& list, const ResourceList& names) {
  ResourceList out;
  for (const auto& [name, amount] : list) {
    if (names.find(name)) out.set(name, amount);
  }
  return out;
}

ResourceList quota_sum(ResourceList a, const ResourceList& b) {
  for (const auto& [name, amount] : b) add(a, name, amount);
  return a;
}

bool is_same_amount(const ResourceList& a, const ResourceList& b) {
  const auto covers = [](const ResourceList& x, const ResourceList& y) {
    return std::all_of(x.begin(), x.end(), [&](const ResourceList::Entry& entry) {
      const Quantity* other = y.find(entry.first);
      return other && other->cmp(entry.second) == 0;
    });
  };
  return covers(a, b) && covers(b, a);
}

}  // namespace orrery::api
