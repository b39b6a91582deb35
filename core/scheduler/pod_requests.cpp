#include "core/scheduler/pod_requests.h"
#include "core/scheduler/gangs.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace orrery::scheduler {
namespace {

/// Amounts by resource; a resource that is listed was asked for, even if its amount is zero.
class Amounts {
 public:
  std::int64_t* find(ResourceIndex resource) {
    for (auto& [index, amount] : items_) {
      if (index == resource) return &amount;
    }
    return nullptr;
  }
  void set(ResourceIndex resource, std::int64_t amount) {
    if (std::int64_t* known = find(resource)) {
      *known = amount;
    } else {
      items_.emplace_back(resource, amount);
    }
  }
  void add(const Amounts& other) {
    for (const auto& [index, amount] : other.items_) {
      std::int64_t* known = find(index);
      set(index, known ? *known + amount : amount);
    }
  }
  void raise_to(const Amounts& other) {
    for (const auto& [index, amount] : other.items_) {
      std::int64_t* known = find(index);
      set(index, known ? std::max(*known, amount) : amount);
    }
  }
  const std::vector<std::pair<ResourceIndex, std::int64_t>>& items() const { return items_; }

 private:
  std::vector<std::pair<ResourceIndex, std::int64_t>> items_;
};

Amounts amounts_of(const api::ResourceList& list, ResourceNames& names) {
  Amounts amounts;
  for (const auto& [name, quantity] : list) {
    const ResourceIndex index = names.index_of(name);
    amounts.set(index, index == kCpu ? quantity.milli_value() : quantity.value());
  }
  return amounts;
}

std::optional<Amounts> amounts_of(const nlohmann::json& status, std::string_view field,
                                  ResourceNames& names) {
  if (!status.is_object()) return std::nullopt;
  const nlohmann::json* list = nullptr;
  if (field == "resources") {
    const auto resources = status.find("resources");
    if (resources == status.end() || !resources->is_object()) return std::nullopt;
    const auto requests = resources->find("requests");
    if (requests != resources->end()) list = &*requests;
  } else if (const auto found = status.find(field); found != status.end()) {
    list = &*found;
  }
  if (!list || !list->is_object()) return std::nullopt;
  Amounts amounts;
  for (const auto& [name, value] : list->items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const auto quantity = api::Quantity::parse(text);
    if (!quantity.ok()) continue;
    const ResourceIndex index = names.index_of(Symbol(name));
    amounts.set(index, index == kCpu ? quantity->milli_value() : quantity->value());
  }
  return amounts;
}

bool is_resize_infeasible(const api::Pod& pod) {
  const api::PodCondition* pending = api::find_condition(pod.status, "PodResizePending");
  return pending && pending->reason == "Infeasible";
}

/// Upstream's determineContainerReqs.
Amounts container_amounts(const api::Pod& pod, const api::Container& container,
                          const api::List<api::ContainerStatus>& statuses, ResourceNames& names) {
  Amounts wanted = amounts_of(container.resources.requests, names);
  for (const api::ContainerStatus& status : statuses) {
    if (status.name != container.name || !status.extra) continue;
    auto actual = amounts_of(status.extra.json(), "resources", names);
    if (!actual) return wanted;
    if (auto allocated = amounts_of(status.extra.json(), "allocatedResources", names)) {
      actual->raise_to(*allocated);
    }
    if (is_resize_infeasible(pod)) return *actual;
    wanted.raise_to(*actual);
    return wanted;
  }
  return wanted;
}

struct Defaults {
  bool cpu = false;
  bool memory = false;
  bool pod_level = true;  // count pod-level resources
};

void apply_defaults(Amounts& amounts, Defaults defaults) {
  if (defaults.cpu && !amounts.find(kCpu)) amounts.set(kCpu, kDefaultMilliCpu);
  if (defaults.memory && !amounts.find(kMemory)) amounts.set(kMemory, kDefaultMemory);
}

bool is_pod_level_resource(Symbol name) {
  return name == "cpu" || name == "memory" || name.view().starts_with("hugepages-");
}

Amounts pod_amounts(const api::Pod& pod, ResourceNames& names, Defaults defaults) {
  const api::PodSpec& spec = *pod.spec;
  Amounts total;
  for (const api::Container& c : spec.containers) {
    Amounts one = container_amounts(pod, c, pod.status.container_statuses, names);
    apply_defaults(one, defaults);
    total.add(one);
  }
  Amounts sidecars;
  Amounts init_peak;
  for (const api::Container& c : spec.init_containers) {
    const bool is_sidecar = c.restart_policy == "Always";
    Amounts one = is_sidecar ? container_amounts(pod, c, pod.status.init_container_statuses, names)
                             : amounts_of(c.resources.requests, names);
    apply_defaults(one, defaults);
    if (is_sidecar) {
      total.add(one);
      sidecars.add(one);
      one = sidecars;
    } else {
      one.add(sidecars);
    }
    init_peak.raise_to(one);
  }
  total.raise_to(init_peak);
  if (spec.resources && defaults.pod_level) {
    for (const auto& [name, quantity] : spec.resources->requests) {
      if (!is_pod_level_resource(name)) continue;
      const ResourceIndex index = names.index_of(name);
      total.set(index, index == kCpu ? quantity.milli_value() : quantity.value());
    }
  }
  total.add(amounts_of(spec.overhead, names));
  return total;
}

void collect_ports(const api::List<api::Container>& containers, bool sidecars_only,
                   std::vector<HostPort>& out) {
  static const Symbol kTcp{"TCP"};
  static const Symbol kAny{"0.0.0.0"};
  for (const api::Container& c : containers) {
    if (sidecars_only && !(c.restart_policy == "Always")) continue;
    for (const api::ContainerPort& p : c.ports) {
      if (p.host_port <= 0) continue;
      out.push_back({p.host_ip.empty() ? kAny : p.host_ip, p.protocol.empty() ? kTcp : p.protocol,
                     p.host_port});
    }
  }
}

}  // namespace

bool conflicts(const HostPort& a, const HostPort& b) {
  static const Symbol kAny{"0.0.0.0"};
  if (a.port != b.port || a.protocol != b.protocol) return false;
  return a.ip == b.ip || a.ip == kAny || b.ip == kAny;
}

PodRequests compute_requests(const api::Pod& pod, ResourceNames& names) {
  PodRequests requests;
  requests.gpu = gpu_demand(pod);
  if (!pod.spec) return requests;
  requests.pod_group = pod_group_of(*pod.spec);
  Amounts real = pod_amounts(pod, names, {});
  // With pod-level requests only what they leave out is defaulted (getNonMissingContainerRequests).
  const bool pod_level = pod.spec->resources && !pod.spec->resources->requests.empty();
  const Defaults defaults{!pod_level || !real.find(kCpu), !pod_level || !real.find(kMemory)};
  Amounts nonzero = pod_amounts(pod, names, defaults);
  if (const std::int64_t* cpu = nonzero.find(kCpu)) requests.nonzero_cpu = *cpu;
  if (const std::int64_t* memory = nonzero.find(kMemory)) requests.nonzero_memory = *memory;
  Amounts scored = pod_amounts(pod, names, {true, true, false});
  if (const std::int64_t* cpu = scored.find(kCpu)) requests.scored_cpu = *cpu;
  if (const std::int64_t* memory = scored.find(kMemory)) requests.scored_memory = *memory;
  for (const auto& [index, amount] : real.items()) {
    if (index < kBaseResources) {
      requests.base[index] = amount;
    } else {
      requests.extended.emplace_back(index, amount);
    }
  }
  std::sort(requests.extended.begin(), requests.extended.end());
  collect_ports(pod.spec->init_containers, true, requests.host_ports);
  collect_ports(pod.spec->containers, false, requests.host_ports);
  return requests;
}

bool has_status_resources(const api::Pod& pod) {
  const auto any = [](const api::List<api::ContainerStatus>& statuses) {
    for (const api::ContainerStatus& s : statuses) {
      if (s.extra && s.extra.json().is_object() && s.extra.json().contains("resources"))
        return true;
    }
    return false;
  };
  return any(pod.status.container_statuses) || any(pod.status.init_container_statuses);
}

Ref<const PodRequests> RequestsMemo::of(const api::Pod& pod) {
  // Annotations and status are not part of the spec: such pods have requests of their own.
  const bool own =
      (!pod.meta.annotations.empty() && api::find(pod.meta.annotations, kGpuMilliKey) != nullptr) ||
      (!pod.meta.annotations.empty() && api::find(pod.meta.annotations, kGpuSpecKey) != nullptr) ||
      has_status_resources(pod);
  if (own || !pod.spec) return make_ref<PodRequests>(compute_requests(pod, names_));
  const void* key = pod.spec.identity();
  const auto found = entries_.find(key);
  if (found != entries_.end()) return found->second.requests;
  if (entries_.size() >= limit_) forget_unused();
  Ref<const PodRequests> requests = make_ref<PodRequests>(compute_requests(pod, names_));
  entries_.emplace(key, Entry{pod.spec, requests});
  known_.push_back(key);
  return requests;
}

void RequestsMemo::forget_unused() {
  std::vector<const void*> kept;
  for (const void* key : known_) {
    const auto entry = entries_.find(key);
    if (entry->second.requests->ref_count() > 1) {
      kept.push_back(key);
    } else {
      entries_.erase(entry);
    }
  }
  known_ = std::move(kept);
  limit_ = known_.size() * 2 + kUnusedMax;
}

}  // namespace orrery::scheduler
